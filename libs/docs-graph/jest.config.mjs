import preset from '../../jest.preset.mjs';

export default { ...preset, displayName: 'docs-graph', testTimeout: 60_000 };
