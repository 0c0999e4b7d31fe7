export { AccessTokens, accessScopes, tokensFile, type AccessScope, type TokenRecord } from './access-tokens.js';
export { ExportStore } from './export-store.js';
export { HostConfig, readHostConfig, stateFolder } from './host-config.js';
export { openModel } from './open-model.js';
export { STOP_WITHIN_MS } from './partition.js';
export { OpsServer, type ProcessHealth } from './ops-server.js';
export { runProcess, runService, startService, type RunningService } from './service.js';
export type { ClassProvider, ServiceDefinition } from './service-definition.js';
