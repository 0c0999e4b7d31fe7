import { terminal } from '@cascade/contracts';
import { failOnLeaks } from '@cascade/testing';
import { describeTracker } from './conformance.js';
import { startForwardProxy } from './forward-proxy.js';
import { missingByMcp, openMcpWorld } from './mcp-world.js';

failOnLeaks();

/** Not among the specs: `npm run check:github-mcp` builds github-mcp-server 1.9.0, says where it is, and runs this. */
const program = process.env['GITHUB_MCP_SERVER'];
if (program === undefined) throw terminal('CASC_CONFIGURATION_INVALID', 'GITHUB_MCP_SERVER is not set.', { advice: 'npm run check:github-mcp' });

describeTracker('the official MCP server', () => openMcpWorld(async ({ github }) => {
  const proxy = await startForwardProxy(github.url);
  // 1.9.0 forgets the port of its GITHUB_HOST.
  return { server: { kind: 'command', argv: ['env', `HTTP_PROXY=${proxy.url}`, program, 'stdio'] }, web: 'http://github.test', close: () => proxy.close() };
}), missingByMcp);
