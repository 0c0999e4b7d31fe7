export * from './sync/index.js';
export * from './tracker/index.js';
export * from './webhooks/index.js';
export * from './repository-address.js';
export * from './label-definitions.js';
