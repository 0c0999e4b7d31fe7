export { HostConfig, readHostConfig, stateFolder } from './host-config.js';
export { runService, startService, type RunningService, type ServiceDefinition } from './service.js';
