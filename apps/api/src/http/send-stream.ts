import { once } from 'node:events';
import type { FastifyReply } from 'fastify';

export interface StreamToSend {
  readonly headers: Readonly<Record<string, string>>;
  /** Who takes nothing of what waits for it for so long, in milliseconds, is dropped; who has nothing to take is not. */
  readonly stalledMs: number;
  /** What is sent, until it ends or `left` aborts: then nobody listens any more. */
  readonly partsUntil: (left: AbortSignal) => AsyncIterable<string | Uint8Array>;
}

/** Sends an answer while it comes to be; no more of it is read than is taken. Ends with the connection closed, also when its parts fail. */
export async function sendStream(reply: FastifyReply, { headers, stalledMs, partsUntil }: StreamToSend): Promise<void> {
  const left = new AbortController();
  const response = reply.hijack().raw;
  response.on('close', () => left.abort());
  try {
    response.writeHead(200, { ...reply.getHeaders(), ...headers, 'x-accel-buffering': 'no' } as Record<string, string>);
    for await (const part of partsUntil(left.signal)) {
      if (!response.write(part)) await once(response, 'drain', { signal: AbortSignal.any([left.signal, AbortSignal.timeout(stalledMs)]) });
    }
    response.end();
  } catch {
    response.destroy(); // the client went or takes nothing, or what it was sent from failed: it connects again
  }
}
