import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { githubDeliveryReceived } from '@cascade/contracts';
import { parseDelivery } from '@cascade/github';
import { EventPublisher, type RedisSettings } from '@cascade/streams';

export interface WebhookReceiver {
  readonly url: string;
  close(): Promise<void>;
}

/** Stands where github-webhook stands: publishes what the fake GitHub sends. Duplicates are let through. */
export async function startWebhookReceiver(redis: RedisSettings): Promise<WebhookReceiver> {
  const publisher = new EventPublisher({ redis });
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    const header = (name: string): string | undefined => request.headers[name] as string | undefined;
    request.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
      const parsed = parseDelivery({ delivery: header('x-github-delivery'), event: header('x-github-event') }, Buffer.concat(chunks));
      const published = parsed.kind === 'delivery' ? publisher.publish(githubDeliveryReceived, parsed.data, { id: parsed.data.delivery }) : Promise.resolve();
      published.then(() => response.writeHead(202).end(), () => response.writeHead(503).end());
    });
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks/github`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => { server.close(resolve); });
      await publisher.close();
    },
  };
}
