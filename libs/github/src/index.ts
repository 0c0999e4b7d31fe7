export * from './sync/index.js';
export * from './tracker/index.js';
export * from './webhooks/delivery.js';
export * from './webhooks/reduced-payload.js';
export * from './webhooks/signature.js';
export * from './repository-address.js';
export * from './label-definitions.js';
