export * from './artefact.js';
export { nodeMount, pythonMount, sandboxLimits, workspaceMount } from './limits.js';
export * from './open-sandbox.js';
export * from './sandbox.js';
export { hostPython } from './host-tools.js';
export { publishFiles } from './shared-cache.js';
