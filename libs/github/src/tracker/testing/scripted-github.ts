import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ScriptedRequest {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: unknown;
}

export interface ScriptedAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** As JSON, unless it is text. */
  readonly body?: unknown;
}

/** What one request gets: an answer, no answer but a cut connection, or no answer at all. */
export type Reaction = ScriptedAnswer | 'cut' | 'silence';

/** An HTTP server that does what a test says, for what no whole imitation of GitHub does on demand. */
export class ScriptedGitHub {
  readonly requests: ScriptedRequest[] = [];
  readonly #server = createServer((request, response) => void this.#answer(request, response));

  /** `react` is asked for every request; its number counts from 0. */
  constructor(private readonly react: (request: ScriptedRequest, number: number) => Reaction) {}

  async start(): Promise<this> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #answer(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const text = (await message.toArray()).join('');
    const request = { method: message.method ?? '', path: message.url ?? '', authorization: message.headers.authorization, body: text === '' ? undefined : JSON.parse(text) as unknown };
    this.requests.push(request);
    const reaction = this.react(request, this.requests.length - 1);
    if (reaction === 'silence') return;
    if (reaction === 'cut') {
      message.socket.destroy();
      return;
    }
    response.writeHead(reaction.status ?? 200, { 'content-type': 'application/json', ...reaction.headers });
    response.end(typeof reaction.body === 'string' ? reaction.body : JSON.stringify(reaction.body ?? {}));
  }
}

/** An issue as GitHub writes it. */
export const scriptedIssue = (number: number, more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> => ({
  id: 1_000 + number, node_id: `I_${number}`, number, title: 'a title', body: 'a body', state: 'open', state_reason: null, labels: [{ name: 'cascade' }], assignees: [], milestone: null,
  user: { login: 'octocat' }, locked: false, updated_at: '2026-01-01T00:00:00Z', html_url: `https://github.com/o/r/issues/${number}`, repository_url: 'https://api.github.com/repos/o/r', ...more,
});
