export { ExportStore } from './export-store.js';
export { HostConfig, readHostConfig, stateFolder } from './host-config.js';
export { runService, startService, type RunningService } from './service.js';
export type { ClassProvider, ServiceDefinition } from './service-definition.js';
