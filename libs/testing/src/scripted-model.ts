import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as the server saw it. */
export interface ScriptedRequest {
  readonly path: string;
  readonly authorization: string | undefined;
  readonly model: string;
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  readonly body: Readonly<Record<string, unknown>>;
  /** All messages as one text, for functions that choose their answer by it. */
  readonly prompt: string;
}

export type ScriptedAnswer =
  /** A completion with this content. */
  | string
  | { readonly kind: 'completion'; readonly content: string; readonly finishReason?: string; readonly usage?: { readonly prompt: number; readonly completion: number } | null }
  /** A completion whose content is this value as JSON. */
  | { readonly kind: 'json'; readonly value: unknown }
  /** An answer of any status; `body` is JSON unless it is a string. */
  | { readonly kind: 'status'; readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: unknown }
  /** Status 200 and a text that is no completion. */
  | { readonly kind: 'garbage'; readonly text: string; readonly contentType?: string }
  /** Accepts the request and never answers. */
  | { readonly kind: 'silence' }
  /** Sends a body that never ends. */
  | { readonly kind: 'endless' }
  /** Closes the connection without an answer. */
  | { readonly kind: 'disconnect' };

type Answerer = (request: ScriptedRequest) => ScriptedAnswer | Promise<ScriptedAnswer>;

/**
 * An OpenAI-compatible server on 127.0.0.1 that answers as a test says: from a queue, or by a function of the request.
 * A request that nothing answers is refused with status 400, which no caller tries again.
 */
export class ScriptedModel {
  readonly requests: ScriptedRequest[] = [];
  private readonly queue: (ScriptedAnswer | Answerer)[] = [];
  private readonly waiters: { readonly count: number; readonly resolve: () => void }[] = [];

  /** Address for OPENAI_BASE_URL. */
  readonly baseURL: string;

  private constructor(private readonly server: Server, private readonly fallback: Answerer | undefined) {
    this.baseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  }

  /** `answerer` answers what the queue does not. */
  static async start(answerer?: Answerer): Promise<ScriptedModel> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const model = new ScriptedModel(server, answerer);
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      model.handle(request, response).catch((error: unknown) => sendStatus(response, 400, { error: { message: `ScriptedModel: ${String(error)}` } }));
    });
    return model;
  }

  /** The environment of a process that uses this server. */
  get env(): { readonly OPENAI_BASE_URL: string; readonly OPENAI_API_KEY: string; readonly CASCADE_MODEL: string; readonly CASCADE_COMMIT_MESSAGES: 'plain' } {
    return { OPENAI_BASE_URL: this.baseURL, OPENAI_API_KEY: 'scripted-key', CASCADE_MODEL: 'scripted', CASCADE_COMMIT_MESSAGES: 'plain' };
  }

  /** Adds answers to the queue; each answers one request. */
  answer(...answers: readonly (ScriptedAnswer | Answerer)[]): this {
    this.queue.push(...answers);
    return this;
  }

  /** Resolves when `count` requests have arrived in all. */
  async received(count: number): Promise<void> {
    if (this.requests.length >= count) return;
    await new Promise<void>((resolve) => this.waiters.push({ count, resolve }));
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private async handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = await readRequest(incoming);
    this.requests.push(request);
    for (const waiter of this.waiters) if (this.requests.length >= waiter.count) waiter.resolve();
    const next = this.queue.shift() ?? this.fallback;
    if (next === undefined) return sendStatus(response, 400, { error: { message: 'ScriptedModel has no answer left.' } });
    send(response, typeof next === 'function' ? await next(request) : next, request.model);
  }
}

async function readRequest(incoming: IncomingMessage): Promise<ScriptedRequest> {
  let text = '';
  for await (const chunk of incoming.setEncoding('utf8')) text += String(chunk);
  const body = JSON.parse(text) as Record<string, unknown> & { model: string; messages: ScriptedRequest['messages'] };
  return {
    path: incoming.url ?? '', authorization: incoming.headers.authorization, model: body.model, messages: body.messages, body,
    prompt: body.messages.map((message) => message.content).join('\n\n'),
  };
}

function send(response: ServerResponse, answer: ScriptedAnswer, model: string): void {
  if (typeof answer === 'string') return sendCompletion(response, model, answer, 'stop', undefined);
  switch (answer.kind) {
    case 'completion': return sendCompletion(response, model, answer.content, answer.finishReason ?? 'stop', answer.usage);
    case 'json': return sendCompletion(response, model, JSON.stringify(answer.value), 'stop', undefined);
    case 'status': return sendStatus(response, answer.status, answer.body ?? { error: { message: `status ${answer.status}` } }, answer.headers);
    case 'garbage': return void response.writeHead(200, { 'content-type': answer.contentType ?? 'application/json' }).end(answer.text);
    case 'silence': return;
    case 'endless': return sendEndless(response);
    case 'disconnect': return void response.destroy();
  }
}

/** Without `usage` a plausible one is sent; `null` stands for endpoints that send none. */
function sendCompletion(response: ServerResponse, model: string, content: string, finishReason: string, usage: { readonly prompt: number; readonly completion: number } | null | undefined): void {
  const counted = usage === undefined ? { prompt: 100, completion: 10 } : usage;
  sendStatus(response, 200, {
    id: 'scripted', object: 'chat.completion', created: 0, model,
    choices: [{ index: 0, finish_reason: finishReason, message: { role: 'assistant', content } }],
    ...(counted === null ? {} : { usage: { prompt_tokens: counted.prompt, completion_tokens: counted.completion, total_tokens: counted.prompt + counted.completion } }),
  });
}

function sendStatus(response: ServerResponse, status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): void {
  if (response.headersSent) return;
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(text);
}

/** Writes as fast as the reader reads, until it goes away. */
function sendEndless(response: ServerResponse): void {
  const chunk = ' '.repeat(64 * 1024);
  response.writeHead(200, { 'content-type': 'application/json' });
  const write = (): void => {
    while (!response.destroyed && response.write(chunk));
    if (!response.destroyed) response.once('drain', write);
  };
  write();
}
