import { once } from 'node:events';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { untilTrue } from '@cascade/testing';
import { fastify, type FastifyInstance } from 'fastify';
import { sendStream, type StreamToSend } from './send-stream.js';

const MEGABYTE = 1_048_576;

let server: FastifyInstance;
const sockets: Socket[] = [];

beforeEach(() => { server = fastify(); });
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await server.close();
});

/** Asks for what is sent; nothing of the answer is read unless somebody does. */
async function ask(stream: Omit<StreamToSend, 'headers'>): Promise<Socket> {
  server.get('/', (_request, reply) => sendStream(reply, { headers: { 'content-type': 'text/event-stream' }, ...stream }));
  await server.listen({ port: 0, host: '127.0.0.1' });
  const socket = connect((server.server.address() as AddressInfo).port, '127.0.0.1').pause().on('error', () => undefined);
  sockets.push(socket);
  socket.write('GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n');
  return socket;
}

async function all(socket: Socket): Promise<string> {
  let text = '';
  for await (const part of socket.setEncoding('utf8')) text += String(part);
  return text;
}

it('sends parts as they come, and waits for the next one for longer than a client may stall', async () => {
  async function* parts(): AsyncGenerator<string> {
    yield 'one';
    await once(AbortSignal.timeout(50), 'abort');
    yield 'two';
  }
  const text = await all(await ask({ stalledMs: 1, partsUntil: parts }));
  expect(text).toMatch(/content-type: text\/event-stream\r\nx-accel-buffering: no\r\n[^]*one[^]*two[^]*\r\n0\r\n\r\n$/);
});

it('drops who takes nothing, having read no more for them than their connection holds', async () => {
  let [made, isOver, left] = [0, false, undefined as AbortSignal | undefined];
  async function* parts(signal: AbortSignal): AsyncGenerator<Uint8Array> {
    left = signal;
    try {
      for (; made < 256; made += 1) yield Buffer.alloc(MEGABYTE);
    } finally {
      isOver = true;
    }
  }
  await ask({ stalledMs: 100, partsUntil: parts });
  await untilTrue(() => isOver && left?.aborted === true, 'the client to be dropped');
  expect(made).toBeLessThan(64);
});

it('closes the connection when what it sends from fails, and ends for who leaves', async () => {
  async function* broken(): AsyncGenerator<string> {
    yield 'one';
    throw new RangeError('broken');
  }
  expect(await all(await ask({ stalledMs: 1_000, partsUntil: broken }))).not.toMatch(/\r\n0\r\n\r\n$/);
  await server.close();
  server = fastify();
  const ended = Promise.withResolvers<void>();
  async function* endless(left: AbortSignal): AsyncGenerator<string> {
    yield 'one';
    await once(left, 'abort');
    ended.resolve();
  }
  const socket = await ask({ stalledMs: 60_000, partsUntil: endless });
  socket.once('data', () => socket.destroy()).resume();
  await ended.promise;
});
