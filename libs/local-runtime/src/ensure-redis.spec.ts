import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { askRedis } from './ask-redis.js';
import { ensureRedis, type LocalRedis } from './ensure-redis.js';

describe('ensureRedis', () => {
  let directory: string;
  const started: LocalRedis[] = [];
  const env = { ...process.env, REDIS_URL: '' };
  const ensure = async (persistent: boolean, more: Record<string, string> = {}): Promise<LocalRedis> => {
    const redis = await ensureRedis({ env: { ...env, ...more }, directory, persistent });
    started.push(redis);
    return redis;
  };
  beforeEach(() => { directory = mkdtempSync(path.join(os.tmpdir(), 'cascade-test-ensure-')); });
  afterEach(async () => {
    await Promise.all(started.splice(0).map((redis) => redis.stop()));
    rmSync(directory, { recursive: true, force: true });
  });

  it('starts a temporary server that ends with it', async () => {
    const redis = await ensure(false);
    expect(redis.startedByUs).toBe(true);
    await redis.stop();
    await expect(askRedis(redis.url, [['PING']])).rejects.toMatchObject({ code: 'CASC_REDIS_UNREACHABLE' });
  });

  it('finds a running private server again, and ends it with its last user', async () => {
    const first = await ensure(true);
    const second = await ensure(true);
    expect(second).toMatchObject({ url: first.url, startedByUs: false });
    await first.stop();
    expect(await askRedis(second.url, [['PING']])).toEqual(['PONG']);
    await second.stop();
    await expect(askRedis(second.url, [['PING']])).rejects.toMatchObject({ code: 'CASC_REDIS_UNREACHABLE' });
  });

  it('starts one server when two processes come at the same time', async () => {
    const both = await Promise.all([ensure(true), ensure(true)]);
    expect(new Set(both.map((redis) => redis.url)).size).toBe(1);
    expect(both.filter((redis) => redis.startedByUs)).toHaveLength(1);
  });

  it('keeps data from one life to the next', async () => {
    const first = await ensure(true);
    await askRedis(first.url, [['SET', 'kept', 'yes']]);
    await first.stop();
    const second = await ensure(true);
    expect(second.startedByUs).toBe(true);
    expect(await askRedis(second.url, [['GET', 'kept']])).toEqual(['yes']);
  });

  it('forgets users that were killed', async () => {
    const redis = await ensure(true);
    writeFileSync(path.join(directory, 'users', '4194305-dead'), ''); // above the kernel's highest process id
    await redis.stop();
    await expect(askRedis(redis.url, [['PING']])).rejects.toMatchObject({ code: 'CASC_REDIS_UNREACHABLE' });
  });

  it('lets only those in who can read its state file', async () => {
    const { url } = await ensure(true);
    expect(statSync(path.join(directory, 'server.json')).mode & 0o777).toBe(0o600);
    await expect(askRedis(url.replace(/:[0-9a-f]+@/, ''), [['PING']])).rejects.toThrow(/NOAUTH/);
  });

  it('does not take another server on the recorded port for its own', async () => {
    const stranger = await ensureRedis({ env, directory: path.join(directory, 'stranger'), persistent: false });
    started.push(stranger);
    const own = path.join(directory, 'own');
    mkdirSync(own);
    writeFileSync(path.join(own, 'server.json'), JSON.stringify({ port: Number(new URL(stranger.url).port), pid: 1, password: 'a'.repeat(48) }));
    const redis = await ensureRedis({ env, directory: own, persistent: true });
    started.push(redis);
    expect(redis.startedByUs).toBe(true);
    expect(redis.url).not.toContain(`:${new URL(stranger.url).port}`);
  });

  it('starts anew when its state file is cut off', async () => {
    writeFileSync(path.join(directory, 'server.json'), '{"port":');
    expect((await ensure(true)).startedByUs).toBe(true);
    expect(JSON.parse(readFileSync(path.join(directory, 'server.json'), 'utf8'))).toMatchObject({ port: expect.any(Number) });
  });

  it('uses REDIS_URL as it is and leaves that server running', async () => {
    const named = await ensure(false);
    const redis = await ensure(true, { REDIS_URL: named.url });
    expect(redis).toMatchObject({ url: named.url, startedByUs: false });
    await redis.stop();
    expect(await askRedis(named.url, [['PING']])).toEqual(['PONG']);
  });

  it('says so when REDIS_URL does not answer, is not an address, or is not a Redis', async () => {
    await expect(ensure(true, { REDIS_URL: 'redis://127.0.0.1:1' })).rejects.toMatchObject({ code: 'CASC_REDIS_UNREACHABLE', advice: expect.stringContaining('REDIS_URL') });
    await expect(ensure(true, { REDIS_URL: 'localhost' })).rejects.toMatchObject({ code: 'CASC_REDIS_URL_INVALID' });
    const web = net.createServer((socket) => { socket.on('error', () => undefined).end('HTTP/1.1 400 Bad Request\r\n\r\n'); });
    const port = await new Promise<number>((resolve) => web.listen(0, '127.0.0.1', () => resolve((web.address() as net.AddressInfo).port)));
    try {
      await expect(ensure(true, { REDIS_URL: `redis://127.0.0.1:${port}` })).rejects.toMatchObject({ code: 'CASC_REDIS_UNREACHABLE' });
    } finally {
      web.close();
    }
  });

  it('names what to run when there is no way to a server', async () => {
    const nothing = { PATH: directory, CASCADE_PROGRAMS: path.join(directory, 'programs') };
    await expect(ensure(true, nothing)).rejects.toMatchObject({ code: 'CASC_REDIS_UNAVAILABLE', advice: expect.stringContaining('REDIS_URL=') });
  });
});
