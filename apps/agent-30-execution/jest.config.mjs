import preset from '../../jest.preset.mjs';

export default { ...preset, displayName: 'agent-30-execution' };
