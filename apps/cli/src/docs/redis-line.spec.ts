import net, { type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestRedis, type TestRedis } from '@cascade/testing';
import { askLine, repliesIn } from './redis-line.js';

describe('askLine', () => {
  let server: TestRedis;
  beforeAll(async () => { server = await startTestRedis(); });
  afterAll(async () => { await server.stop(); });

  it('gives the replies of several commands, of every kind', async () => {
    const text = 'zwei\r\nZeilen, ü';
    const replies = await askLine(new URL(`${server.url}/1`), [['SET', 'a', text], ['GET', 'a'], ['GET', 'none'], ['STRLEN', 'a'], ['MGET', 'a', 'none'], ['NOCOMMAND']], 10_000);
    expect(replies.slice(0, -1)).toEqual(['OK', text, null, Buffer.byteLength(text), [text, null]]);
    expect((replies.at(-1) as Error).message).toContain('NOCOMMAND');
  });

  it('waits for what comes later', async () => {
    const waiting = askLine(new URL(server.url), [['BLMOVE', 'list', 'list', 'LEFT', 'RIGHT', '30'], ['LINDEX', 'list', '0']], 60_000);
    await askLine(new URL(server.url), [['RPUSH', 'list', 'final', 'body']], 10_000);
    expect(await waiting).toEqual(['final', 'body']);
  });

  it('says when nobody listens, hangs up or answers', async () => {
    const silent = net.createServer((socket) => { socket.on('data', () => { if (hangsUp) socket.destroy(); }); }).listen(0, '127.0.0.1');
    let hangsUp = true;
    await once(silent, 'listening');
    const url = new URL(`redis://127.0.0.1:${(silent.address() as AddressInfo).port}`);
    await expect(askLine(url, [['PING']], 10_000)).rejects.toThrow('closed');
    hangsUp = false;
    await expect(askLine(url, [['PING']], 30)).rejects.toThrow('no answer');
    silent.close();
    await once(silent, 'close');
    await expect(askLine(url, [['PING']], 10_000)).rejects.toThrow('ECONNREFUSED');
  });

  it('reads replies however they are cut', () => {
    const bytes = Buffer.from('+OK\r\n$3\r\na\r\n\r\n*2\r\n:7\r\n*1\r\n$-1\r\n');
    for (let length = 0; length < bytes.length; length += 1) expect(repliesIn(bytes.subarray(0, length), 3)).toBeUndefined();
    expect(repliesIn(bytes, 3)).toEqual(['OK', 'a\r\n', [7, [null]]]);
  });
});
