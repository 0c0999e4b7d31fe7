import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { fakeMcpServer } from './fake-mcp-server.js';

/** The fake MCP server as a process that is spoken to over its standard streams; configured as the official one is. */
const { GITHUB_HOST: host = '', GITHUB_PERSONAL_ACCESS_TOKEN: token = '' } = process.env;
await fakeMcpServer({ host, token }).connect(new StdioServerTransport());
