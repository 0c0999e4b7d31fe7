import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startFaultProxy, type FaultProxy } from './fault-proxy.js';
import { untilTrue } from './until-true.js';

let echo: Server;
let heard: string[];
let proxy: FaultProxy;
let clients: Socket[];

beforeEach(async () => {
  [heard, clients] = [[], []];
  echo = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      heard.push(String(chunk));
      socket.write(chunk);
    });
  });
  echo.listen(0, '127.0.0.1');
  await once(echo, 'listening');
  proxy = await startFaultProxy((echo.address() as AddressInfo).port);
});
afterEach(async () => {
  for (const client of clients) client.destroy();
  await proxy.close();
  await new Promise((resolve) => echo.close(resolve));
});

async function open(): Promise<Socket> {
  const client = connect(proxy.port, '127.0.0.1');
  clients.push(client);
  client.on('error', () => undefined);
  await once(client, 'connect');
  return client;
}
async function ask(client: Socket, text: string): Promise<string> {
  const answer = once(client, 'data');
  client.write(text);
  return String((await answer)[0]);
}

describe('startFaultProxy', () => {
  it('passes what both sides say', async () => {
    expect(await ask(await open(), 'one')).toBe('one');
  });

  it('cuts open connections and new ones until it is healed', async () => {
    const before = await open();
    await ask(before, 'one');
    const cut = new Promise((resolve) => before.once('close', resolve));
    proxy.set({ kind: 'reset' });
    await cut;
    const during = await open().catch(() => undefined);
    if (during !== undefined) await untilTrue(() => during.destroyed, 'the new one to be cut');
    proxy.set({ kind: 'none' });
    expect(await ask(await open(), 'two')).toBe('two');
  });

  it('loses what is said into a black hole, and leaves those connections dead when it is healed', async () => {
    const before = await open();
    await ask(before, 'one');
    proxy.set({ kind: 'black-hole' });
    before.write('lost');
    proxy.set({ kind: 'none' });
    before.write('lost too');
    expect(await ask(await open(), 'two')).toBe('two');
    expect(heard).toEqual(['one', 'two']);
    expect(before.destroyed).toBe(false);
  });

  it('delays and keeps the order', async () => {
    const client = await open();
    proxy.set({ kind: 'delay', ms: 50 });
    for (const text of ['a', 'b', 'c']) client.write(text);
    await untilTrue(() => heard.join('').length === 3, 'all three to come');
    expect(heard.join('')).toBe('abc');
  });
});
