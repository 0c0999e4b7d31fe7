import preset from '../../jest.preset.mjs';

export default { ...preset, displayName: 'bmad', testTimeout: 60_000 };
