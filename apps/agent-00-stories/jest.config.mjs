import preset from '../../jest.preset.mjs';

export default { ...preset, displayName: 'agent-00-stories', testTimeout: 60_000 };
