export { catchUp, type CaughtUp } from './catch-up.js';
export { hookEvents, parseDelivery, type CloudAttributes, type HookEvent, type ParsedDelivery } from './delivery.js';
export { appDeliveries, repositoryDeliveries, type DeliveryLog } from './hook-deliveries.js';
export { ensureHook, type HookTarget, type MadeHook } from './hooks.js';
export { reducedPayload } from './reduced-payload.js';
export { accessFindings } from './repository-access.js';
export { setUpRepository, type SetUp, type SetUpOptions } from './set-up.js';
export { isSignature, isSignedBy, signatureOf } from './signature.js';
