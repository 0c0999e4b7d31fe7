import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  readonly event: string;
  readonly guid: string;
  readonly signature: string | undefined;
  readonly raw: string;
  readonly payload: Readonly<Record<string, unknown>> & { readonly action?: string };
}

/** Takes webhooks and keeps them. */
export async function startReceiver(): Promise<{ readonly url: string; readonly received: Received[]; answerWith(status: number): void; close(): Promise<void> }> {
  const received: Received[] = [];
  let status = 202;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
      const raw = Buffer.concat(chunks).toString();
      const header = (name: string): string | undefined => request.headers[name] as string | undefined;
      received.push({ event: header('x-github-event') ?? '', guid: header('x-github-delivery') ?? '', signature: header('x-hub-signature-256'), raw, payload: JSON.parse(raw) as Received['payload'] });
      response.writeHead(status).end('{}');
    });
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks`, received, answerWith: (next) => { status = next; },
    close: () => new Promise((resolve) => { server.close(() => resolve()); server.closeAllConnections(); }),
  };
}
