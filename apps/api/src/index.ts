export { ApiConfig, readApiConfig } from './api-config.js';
export { startApi, type RunningApi } from './start-api.js';
