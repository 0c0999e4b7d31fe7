import { Injectable, Logger } from '@nestjs/common';
import { asCascadeError, findingsOf, retryable, terminal } from '@cascade/contracts';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js';
import {
  CallToolRequestSchema, ErrorCode, ListResourcesRequestSchema, ListResourceTemplatesRequestSchema, ListToolsRequestSchema, McpError, ReadResourceRequestSchema,
  type CallToolRequest, type CallToolResult, type ServerNotification, type ServerRequest, type Tool,
} from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';
import { requireScope, type Client } from '../http/access.js';
import { told } from '../http/problem.filter.js';
import { ArtefactResources, uriTemplate } from './artefact-resources.js';
import type { McpTool } from './mcp-tool.js';
import { McpTools } from './mcp-tools.js';

/** Calls that one connection may have under way. */
export const MAX_CALLS = 64;
/** Bound of one answer in characters. */
export const MAX_ANSWER = 1_000_000;
/** Most notifications of progress for one call. */
const MAX_PROGRESS = 500;
/** Where an error has its problem details, the same as over HTTP. */
export const PROBLEM_META = 'cascade/problem';

const instructions = 'Cascade turns one request against one git repository into tested, committed code. run_start gives an id at once; follow it with run_status (pass its `cursor` back as `after`, with waitSeconds) until `ended`. '
  + 'When `questions` is not empty, a person has to decide: ask them, then input_answer. artefact_get reads what was written; docs_search finds code in a repository that is indexed.';

type Extra = RequestHandlerExtra<ServerRequest, ServerNotification>;

/** Makes servers of the Model Context Protocol, one for each connection; all do the same, whatever carries them. */
@Injectable()
export class McpServers {
  private readonly logger = new Logger('api');
  private readonly described: readonly Tool[];
  private readonly tools: ReadonlyMap<string, McpTool>;

  constructor({ all }: McpTools, private readonly resources: ArtefactResources) {
    this.described = all.map(describe);
    this.tools = new Map(all.map((tool) => [tool.name, tool]));
  }

  /** A server for one client, still without a transport. */
  for(client: Client): McpServer {
    const mcp = new McpServer({ name: 'cascade', title: 'Cascade', version: '1' }, { instructions });
    const { server } = mcp;
    server.registerCapabilities({ tools: {}, resources: {} }); // whose lists never change
    let calls = 0;
    server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: [...this.described] }));
    server.setRequestHandler(CallToolRequestSchema, async (request, extra) => {
      const tool = this.tools.get(request.params.name);
      if (tool === undefined) throw new McpError(ErrorCode.InvalidParams, 'There is no such tool.', { code: 'CASC_TOOL_UNKNOWN' });
      calls += 1;
      try {
        if (calls > MAX_CALLS) throw retryable('CASC_TOO_MANY_REQUESTS', `More than ${MAX_CALLS} calls at the same time.`, { retryAfterMs: 1_000 });
        return answer(await this.call(tool, request, client, extra));
      } catch (error) {
        return this.failure(error, tool.name);
      } finally {
        calls -= 1;
      }
    });
    server.setRequestHandler(ListResourcesRequestSchema, async () => ({ resources: await this.resources.list().catch((error: unknown) => this.refuse(error, 'resources/list')) }));
    server.setRequestHandler(ListResourceTemplatesRequestSchema, () => ({ resourceTemplates: [{ uriTemplate, name: 'artefact', title: 'What a cascade wrote', description: 'A file of a cascade\'s newest commit, as text.' }] }));
    server.setRequestHandler(ReadResourceRequestSchema, async ({ params: { uri } }) => ({ contents: [await this.resources.read(uri).catch((error: unknown) => this.refuse(error, 'resources/read'))] }));
    return mcp;
  }

  private async call(tool: McpTool, { params }: CallToolRequest, client: Client, extra: Extra): Promise<Record<string, unknown>> {
    requireScope(client, tool.scope);
    const input = tool.input.safeParse(params.arguments ?? {});
    if (!input.success) throw terminal('CASC_REQUEST_INVALID', `The arguments are not what ${tool.name} takes.`, { findings: findingsOf(input.error) });
    return tool.output.parse(await tool.run(input.data, { client, signal: extra.signal, tell: progressOf(extra) }));
  }

  /** A model can read these, and do something about them. */
  private failure(error: unknown, what: string): CallToolResult {
    const problem = told(asCascadeError(error), what, this.logger);
    const text = [`${problem.code}: ${problem.detail}`, ...(problem.findings ?? []).map((finding) => `- ${finding}`), ...(problem.advice === undefined ? [] : [problem.advice])].join('\n');
    return { isError: true, content: [{ type: 'text', text }], _meta: { [PROBLEM_META]: problem } };
  }

  private refuse(error: unknown, what: string): never {
    const problem = told(asCascadeError(error), what, this.logger);
    throw new McpError(problem.status >= 500 ? ErrorCode.InternalError : ErrorCode.InvalidParams, `${problem.code}: ${problem.detail}`, problem);
  }
}

/** As text too, for clients that know no structured answers. */
function answer(structuredContent: Record<string, unknown>): CallToolResult {
  const text = JSON.stringify(structuredContent);
  if (text.length > MAX_ANSWER) throw terminal('CASC_ANSWER_TOO_LARGE', `The answer has more than ${MAX_ANSWER} characters.`, { advice: 'Ask for less: without details, or a part.' });
  return { content: [{ type: 'text', text }], structuredContent };
}

function describe({ name, title, description, hints, input, output }: McpTool): Tool {
  return {
    name, title, description, inputSchema: schemaOf(input, 'input') as Tool['inputSchema'], outputSchema: schemaOf(output, 'output') as NonNullable<Tool['outputSchema']>,
    annotations: { title, readOnlyHint: hints.readOnly, idempotentHint: hints.idempotent, destructiveHint: hints.destructive ?? false, openWorldHint: false },
  };
}

/** In the dialect that every client knows. */
const schemaOf = (schema: z.ZodObject, io: 'input' | 'output'): object => z.toJSONSchema(schema, { io, target: 'draft-7', unrepresentable: 'any' });

function progressOf({ _meta, sendNotification }: Extra): (text: string) => void {
  const progressToken = _meta?.progressToken;
  if (progressToken === undefined) return () => undefined;
  let progress = 0;
  return (message) => {
    progress += 1;
    if (progress <= MAX_PROGRESS) sendNotification({ method: 'notifications/progress', params: { progressToken, progress, message } }).catch(() => undefined); // who is gone needs none
  };
}
