import preset from '../../jest.preset.mjs';

export default { ...preset, displayName: 'agent-10-specs' };
