export * from './cloud-event.js';
export * from './errors.js';
export * from './event-definition.js';
export * from './event-id.js';
export * from './hand-off.js';
export * from './partitions.js';
export * from './payload.js';
export * from './stream-keys.js';
