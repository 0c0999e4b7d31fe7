import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { CallToolRequestSchema, ListToolsRequestSchema, type CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { Octokit } from '@octokit/rest';
import { fakeMcpTools } from './fake-mcp-tools.js';

export interface FakeMcpOptions {
  /** Address of GitHub for people; its API is below /api/v3 there. */
  readonly host: string;
  readonly token: string;
  /** Names of tools that this server does not have. */
  readonly without?: readonly string[];
}

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** An MCP server with the official one's tools, in its words, over any GitHub. */
export function fakeMcpServer({ host, token, without = [] }: FakeMcpOptions): Server {
  const github = new Octokit({ baseUrl: `${host}/api/v3`, auth: token, log: silent });
  const names = Object.keys(fakeMcpTools).filter((name) => !without.includes(name));
  const server = new Server({ name: 'github-mcp-server', version: 'fake' }, { capabilities: { tools: {} } });
  server.setRequestHandler(ListToolsRequestSchema, ({ params }) => {
    // In two pages, as a server may.
    const half = Math.ceil(names.length / 2);
    const tools = (params?.cursor === undefined ? names.slice(0, half) : names.slice(half)).map((name) => ({ name, inputSchema: { type: 'object' as const } }));
    return params?.cursor === undefined ? { tools, nextCursor: 'second' } : { tools };
  });
  server.setRequestHandler(CallToolRequestSchema, async ({ params }): Promise<CallToolResult> => {
    const tool = names.includes(params.name) ? fakeMcpTools[params.name] : undefined;
    if (tool === undefined) throw new TypeError(`unknown tool "${params.name}"`);
    try {
      const answer = await tool(github, (params.arguments ?? {}) as never);
      return { content: [{ type: 'text', text: typeof answer === 'string' ? answer : JSON.stringify(answer) }] };
    } catch (error) {
      const said = `failed to ${params.name}: ${wordsOf(error)}`;
      // The official server tells this one as an error of the protocol.
      if (params.name === 'issue_read' && params.arguments?.['method'] === 'get') throw new TypeError(said);
      return { content: [{ type: 'text', text: said }], isError: true };
    }
  });
  return server;
}

/** Octokit's error for an answer of GitHub's. */
interface Refused extends Error {
  readonly status: number;
  readonly request: { readonly method: string; readonly url: string };
  readonly response?: { readonly headers: Readonly<Record<string, string | undefined>> };
}

const isRefused = (error: unknown): error is Refused => error instanceof Error && 'status' in error && 'request' in error;

/** As go-github words it. */
function wordsOf(error: unknown): string {
  if (!isRefused(error)) return error instanceof Error ? error.message : String(error);
  const wait = error.response?.headers['retry-after'];
  if (wait !== undefined) return `GitHub secondary rate limit exceeded. Retry after ${wait}s.`;
  return `${error.request.method} ${error.request.url}: ${error.status} ${error.message} []`;
}
