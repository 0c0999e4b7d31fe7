import preset from '../../jest.preset.mjs';

export default { ...preset, displayName: 'agent-20-programs' };
