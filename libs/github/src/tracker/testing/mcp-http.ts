import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';

export interface McpHttp {
  readonly url: string;
  close(): Promise<void>;
}

/** An MCP server over Streamable HTTP, as the hosted one is: `serverFor` the token that a request comes with. */
export async function startMcpHttp(serverFor: (token: string) => Server): Promise<McpHttp> {
  const server = createServer((request, response) => void (async () => {
    const token = request.headers.authorization?.replace(/^Bearer /, '') ?? '';
    const transport = new StreamableHTTPServerTransport({});
    const mcp = serverFor(token);
    response.on('close', () => void mcp.close());
    await mcp.connect(transport as Transport);
    await transport.handleRequest(request, response);
  })());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
