import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { z } from 'zod';
import { isCascadeError, retryable, type Secret } from '@cascade/contracts';
import { untilAborted } from '@cascade/streams';
import type { CreationBudget } from '../creation-budget.js';
import { abortError } from '../github-client.js';
import type { McpServer } from '../github-config.js';
import { invalidAnswer } from '../github-errors.js';
import { githubFetch, type Fetch } from '../github-fetch.js';
import { afterLimits, type Pause } from '../limit-waits.js';
import { toolError, toolMissing } from './mcp-errors.js';

/** Of one call, waiting for GitHub included. */
const CALL_TIMEOUT_MS = 60_000;
/** A page of 100 issues with bodies of 65,536 characters is 26 MB at worst. */
const MAX_MESSAGE_BYTES = 32 * 1024 * 1024;
const MAX_TOOL_PAGES = 10;
const toolsets = 'context,issues,labels,pull_requests,repos,users';

const result = z.object({ isError: z.boolean().optional(), content: z.array(z.object({ type: z.string(), text: z.string().optional() })).max(1_000) });

export interface McpConnectionOptions {
  readonly server: McpServer;
  readonly token: Secret;
  /** Address of GitHub for people; a server that is started here is told it. */
  readonly web: string;
  /** Of what is created; with it, whose it is. */
  readonly budget?: CreationBudget | undefined;
  readonly installation: string;
  readonly pause?: Pause | undefined;
  readonly timeoutMs?: number | undefined;
}

export interface Called<T> {
  readonly answer: z.ZodType<T>;
  readonly signal?: AbortSignal | undefined;
  /** Makes something that notifies people: takes from the budget. */
  readonly creates?: boolean;
}

interface Session {
  readonly client: Client;
  readonly tools: ReadonlySet<string>;
}

/**
 * A session with GitHub's MCP server: a child process, or somewhere by HTTP. What it answers is as untrusted as what it
 * reads: bounded, then parsed. A session that ended is begun again by the next call.
 */
export class McpConnection {
  #session: Promise<Session> | undefined;
  #isClosed = false;

  constructor(private readonly options: McpConnectionOptions) {}

  /** The names of the server's tools. */
  async tools(): Promise<ReadonlySet<string>> {
    return (await this.#opened()).tools;
  }

  /** What a tool answers; text that is no JSON counts as undefined. Waits for GitHub's limits; repeats nothing else. */
  async call<T>(tool: string, args: Readonly<Record<string, unknown>>, { answer, signal, creates }: Called<T>): Promise<T> {
    const text = await afterLimits(async () => {
      if (creates) await this.options.budget?.take(this.options.installation, signal);
      return await this.#say(tool, args, signal);
    }, signal, this.options.pause);
    const parsed = answer.safeParse(jsonOf(text));
    if (parsed.success) return parsed.data;
    throw invalidAnswer(tool, parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`));
  }

  /** Ends the session, and the process where there is one. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const session = await this.#session?.catch(() => undefined);
    await session?.client.close();
  }

  async #say(tool: string, args: Readonly<Record<string, unknown>>, signal: AbortSignal | undefined): Promise<string> {
    const redact = (text: string): string => this.options.token.redact(text);
    try {
      signal?.throwIfAborted();
      const asked = this.#ask(tool, args, signal);
      const said = signal === undefined ? await asked : await untilAborted(asked, signal, (reason) => reason);
      const text = said.content.map((part) => part.text ?? '').join('');
      if (said.isError ?? false) throw toolError(tool, redact(text));
      return text;
    } catch (thrown) {
      if (signal?.aborted) throw abortError(tool, signal.reason);
      if (isCascadeError(thrown)) throw thrown;
      throw toolError(tool, redact(thrown instanceof Error ? thrown.message : String(thrown)));
    }
  }

  async #ask(tool: string, args: Readonly<Record<string, unknown>>, signal: AbortSignal | undefined): Promise<z.output<typeof result>> {
    const { client, tools } = await this.#opened();
    if (!tools.has(tool)) throw toolMissing(tool);
    return await client.request({ method: 'tools/call', params: { name: tool, arguments: args } }, result, { timeout: this.options.timeoutMs ?? CALL_TIMEOUT_MS, ...(signal === undefined ? {} : { signal }) });
  }

  #opened(): Promise<Session> {
    if (this.#isClosed) throw retryable('CASC_GITHUB_UNAVAILABLE', 'The session with the MCP server was closed.');
    if (this.#session !== undefined) return this.#session;
    const session = this.#open(() => {
      if (this.#session === session) this.#session = undefined;
    });
    this.#session = session;
    return session;
  }

  async #open(ended: () => void): Promise<Session> {
    const client = new Client({ name: 'cascade', version: '0.1.0' });
    client.onclose = ended;
    const timeout = { timeout: this.options.timeoutMs ?? CALL_TIMEOUT_MS };
    try {
      await client.connect(transportTo(this.options), timeout);
      const tools = new Set<string>();
      let cursor: string | undefined;
      for (let page = 0; page === 0 || (cursor !== undefined && page < MAX_TOOL_PAGES); page += 1) {
        const listed = await client.listTools(cursor === undefined ? {} : { cursor }, timeout);
        for (const tool of listed.tools) tools.add(tool.name);
        cursor = listed.nextCursor;
      }
      return { client, tools };
    } catch (error) {
      ended();
      await client.close().catch(() => undefined);
      throw retryable('CASC_GITHUB_UNAVAILABLE', `The MCP server cannot be spoken to: ${this.options.token.redact(String(error)).slice(0, 300)}`, { advice: 'Check CASCADE_GITHUB_MCP: the command of github-mcp-server with the word stdio, or its address.' });
    }
  }
}

/** The token goes to the server alone: not into its arguments, which everybody on the machine sees. */
function transportTo({ server, token, web, timeoutMs }: McpConnectionOptions): Transport {
  if (server.kind === 'command') {
    const [command = '', ...args] = server.argv;
    const env = { GITHUB_PERSONAL_ACCESS_TOKEN: token.reveal(), GITHUB_HOST: web, GITHUB_TOOLSETS: toolsets };
    return new StdioClientTransport({ command, args, env, stderr: 'ignore', maxBufferSize: MAX_MESSAGE_BYTES });
  }
  const bounded = githubFetch(async () => token, { timeoutMs: timeoutMs ?? CALL_TIMEOUT_MS, maxBytes: MAX_MESSAGE_BYTES });
  // Nothing is wanted of what a server says unasked: its stream for that, which has no end, is not opened.
  const asked: Fetch = async (input, init) => (init?.method === 'GET' ? new Response(null, { status: 405 }) : await bounded(input, init));
  return new StreamableHTTPClientTransport(new URL(server.url), { fetch: asked, requestInit: { headers: { 'x-mcp-toolsets': toolsets } } }) as Transport;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
