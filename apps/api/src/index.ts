export { ApiConfig, readApiConfig } from './api-config.js';
export { startApi, type RunningApi } from './start-api.js';
export { serveMcpOnStdio, type McpOnStdio } from './mcp/serve-mcp-on-stdio.js';
