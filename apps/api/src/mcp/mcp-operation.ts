import { SUPPORTED_PROTOCOL_VERSIONS } from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';
import { defineOperation } from '../contract/operation.js';

/** One message; batches went out of the protocol. What is in it is for the protocol to say. */
const message = z.looseObject({ jsonrpc: z.literal('2.0'), id: z.union([z.string().max(200), z.number().int()]).optional(), method: z.string().max(200).optional() });

export const callMcp = defineOperation({
  id: 'callMcp', method: 'POST', path: '/mcp', tag: 'mcp', scope: 'read', summary: 'One message of the Model Context Protocol (Streamable HTTP, without sessions); its tools need the scopes that the routes of the same meaning do.',
  headers: z.object({ 'mcp-protocol-version': z.enum(SUPPORTED_PROTOCOL_VERSIONS as [string, ...string[]]).optional() }),
  body: message,
  answers: { 200: { description: 'The answer; server-sent events with it at the end where progress was asked for.', name: 'McpMessage', schema: z.looseObject({ jsonrpc: z.literal('2.0') }) }, 202: { description: 'A notification was taken.' } },
  problems: [404],
});
