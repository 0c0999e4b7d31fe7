import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerTo } from './definitions.js';

/** Stands for a model that is paid per answer: `GET /<cascade>/<part>` is answered at once, and counted. */
export class CountingModel {
  readonly answered = new Map<string, number>();
  readonly #server = createServer((request, response) => {
    const [, cascade = '', part = ''] = (request.url ?? '').split('/');
    const call = `${cascade}/${part}`;
    this.answered.set(call, (this.answered.get(call) ?? 0) + 1);
    response.end(answerTo(cascade, Number(part)));
  });

  static async start(): Promise<CountingModel> {
    const model = new CountingModel();
    model.#server.listen(0, '127.0.0.1');
    await once(model.#server, 'listening');
    return model;
  }

  get env(): { readonly CHAOS_MODEL: string } {
    return { CHAOS_MODEL: `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}` };
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
