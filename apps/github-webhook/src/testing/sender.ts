import { randomUUID } from 'node:crypto';
import { Agent, request, type OutgoingHttpHeaders } from 'node:http';
import { text } from 'node:stream/consumers';
import { Secret } from '@cascade/contracts';
import { signatureOf } from '@cascade/github';

export interface Answer {
  readonly status: number;
  readonly text: string;
}

/** A payload that is taken. */
export const issueOpened = {
  action: 'opened',
  issue: { number: 7, url: 'https://api.github.com/repos/acme/shop/issues/7', updated_at: '2026-01-05T09:00:00Z', body: 'Ünïcode 😀' },
  repository: { full_name: 'acme/shop', url: 'https://api.github.com/repos/acme/shop' },
  sender: { login: 'ann' },
};

/** Sends as GitHub does, or does not: headers that are undefined are left out. */
export class Sender {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 8 });

  constructor(public port: number, private readonly secret: string) {}

  /** The headers of a true delivery of `body`. */
  headers(body: string | Buffer, event = 'issues', delivery: string = randomUUID()): OutgoingHttpHeaders {
    return { 'content-type': 'application/json', 'x-github-event': event, 'x-github-delivery': delivery, 'x-hub-signature-256': signatureOf(body, new Secret(this.secret)) };
  }

  deliver(payload: unknown, event?: string, delivery?: string): Promise<Answer> {
    const body = JSON.stringify(payload);
    return this.post(body, this.headers(body, event, delivery));
  }

  /** `isAlone`: on a connection of its own, which is cut after the answer, whatever was still to come. */
  post(body: string | Buffer, headers: OutgoingHttpHeaders, { path = '/webhooks/github', method = 'POST', isAlone = false } = {}): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const given = Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined));
      const sent = request({ host: '127.0.0.1', port: this.port, path, method, agent: isAlone ? false : this.#agent, headers: given }, (response) => {
        text(response).then((answer) => resolve({ status: response.statusCode!, text: answer }), reject).finally(() => { if (isAlone) sent.destroy(); });
      });
      sent.on('error', reject);
      sent.end(body);
    });
  }

  get(path: string): Promise<Answer> {
    return this.post('', {}, { path, method: 'GET' });
  }

  close(): void {
    this.#agent.destroy();
  }
}
