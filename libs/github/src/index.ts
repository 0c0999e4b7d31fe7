export * from './tracker/github-config.js';
export * from './tracker/issue-tracker.js';
export * from './sync/index.js';
export * from './webhooks/delivery.js';
export * from './webhooks/reduced-payload.js';
export * from './webhooks/signature.js';
