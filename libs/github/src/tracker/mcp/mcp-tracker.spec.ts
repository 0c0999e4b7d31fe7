import { failOnLeaks } from '@cascade/testing';
import { describeTracker } from '../testing/conformance.js';
import { fakeMcpServer } from '../testing/fake-mcp-server.js';
import { startMcpHttp } from '../testing/mcp-http.js';
import { fakeMcpCommand, missingByMcp, openMcpWorld } from '../testing/mcp-world.js';

failOnLeaks();

describeTracker('MCP over standard streams', () => openMcpWorld(async () => ({ server: fakeMcpCommand, close: async () => undefined })), missingByMcp);

describeTracker('MCP over HTTP', () => openMcpWorld(async ({ github }) => {
  const http = await startMcpHttp((token) => fakeMcpServer({ host: github.url, token }));
  return { server: { kind: 'url', url: http.url }, close: () => http.close() };
}), missingByMcp);
