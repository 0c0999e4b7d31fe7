import type { ReadableStream } from 'node:stream/web';
import { Controller, Delete, Get, Req, Res } from '@nestjs/common';
import { terminal } from '@cascade/contracts';
import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiConfig } from '../api-config.js';
import type { InputOf } from '../contract/operation.js';
import { OpenStreams } from '../events/open-streams.js';
import { clientOf } from '../http/client-name.js';
import { Implements, Input } from '../http/implements.js';
import { sendStream } from '../http/send-stream.js';
import { callMcp } from './mcp-operation.js';
import { McpServers } from './mcp-servers.js';

/**
 * The Model Context Protocol over Streamable HTTP, without sessions: a request is everything that there is of its
 * connection, so that any process behind the same address answers it, and nothing is kept that would need a bound.
 */
@Controller()
export class McpController {
  constructor(private readonly servers: McpServers, private readonly streams: OpenStreams, private readonly config: ApiConfig) {}

  @Implements(callMcp)
  async call(@Input() { body, headers }: InputOf<typeof callMcp>, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    refuseSessions(request);
    const client = clientOf(request);
    const release = this.streams.admit(client.name);
    const transport = new WebStandardStreamableHTTPServerTransport({ enableJsonResponse: !asksForProgress(body) });
    const server = this.servers.for(client);
    // A transport that is closed never gives the answer that it still owes.
    const gone = new Promise<void>((resolve) => { reply.raw.once('close', resolve); });
    try {
      await server.connect(transport);
      const answered = transport.handleRequest(asRequest(headers), { parsedBody: body });
      await Promise.race([gone, answered.then((response) => send(response, reply, this.config.stalledMs))]);
    } finally {
      await server.close();
      release();
    }
  }

  /** There is nothing to listen to beside the answers. */
  @Get('mcp')
  listen(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): never {
    return refuse(request, reply);
  }

  /** There is no session to end. */
  @Delete('mcp')
  end(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): never {
    return refuse(request, reply);
  }
}

function refuse(request: FastifyRequest, reply: FastifyReply): never {
  refuseSessions(request);
  void reply.header('allow', 'POST');
  throw terminal('CASC_METHOD_UNSUPPORTED', 'Messages are sent to this address with POST.');
}

/** A client that has one is told to begin anew. */
function refuseSessions({ headers }: FastifyRequest): void {
  if (headers['mcp-session-id'] !== undefined) throw terminal('CASC_SESSION_UNKNOWN', 'There are no sessions here.', { advice: 'Initialize again, and send no Mcp-Session-Id.' });
}

const asksForProgress = ({ params }: Readonly<Record<string, unknown>>): boolean => (params as { _meta?: { progressToken?: unknown } } | undefined)?._meta?.progressToken !== undefined;

/** Who sent it and its body are known already; what it accepts is what is sent. */
const asRequest = (headers: Readonly<Record<string, string | undefined>>): Request => new Request('http://cascade/mcp', {
  method: 'POST',
  headers: { 'accept': 'application/json, text/event-stream', 'content-type': 'application/json', ...(headers['mcp-protocol-version'] === undefined ? {} : { 'mcp-protocol-version': headers['mcp-protocol-version'] }) },
});

async function send(response: Response, reply: FastifyReply, stalledMs: number): Promise<void> {
  if (response.status >= 400) throw terminal('CASC_REQUEST_INVALID', 'The body is no message of the protocol.');
  const type = response.headers.get('content-type');
  if (type !== 'text/event-stream') {
    const text = await response.text();
    await (type === null ? reply.status(response.status).send() : reply.status(response.status).header('content-type', type).send(text));
    return;
  }
  await sendStream(reply, { headers: { 'content-type': type }, stalledMs, partsUntil: () => response.body as ReadableStream<Uint8Array> });
}
