// github-sync as a process that dies by SIGKILL at the first instruction with an effect that no process before it died at:
// `SYNC_DIED_AT` names those (JSON), `SYNC_REPORT` is the file to which it appends where it dies. With `SYNC_DIE_AFTER` it
// dies at the instruction of that number instead, whichever it is; 0 is never; `told` is what standard input says, and it begins then.
import { createHash } from 'node:crypto';
import { appendFileSync, readdirSync, readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';

const survived = new Set(JSON.parse(process.env['SYNC_DIED_AT'] ?? '[]') as string[]);
const report = process.env['SYNC_REPORT'] ?? '';
const isTold = process.env['SYNC_DIE_AFTER'] === 'told';
let dieAfter = process.env['SYNC_DIE_AFTER'] === undefined ? undefined : Number(process.env['SYNC_DIE_AFTER']);
let lastRequest = 'nothing';
let passed = 0;

function pass(point: string): void {
  passed += 1;
  if (dieAfter !== undefined && passed === dieAfter) process.kill(process.pid, 'SIGKILL');
  if (dieAfter !== undefined || survived.has(point)) return;
  appendFileSync(report, `${point}\n`);
  process.kill(process.pid, 'SIGKILL');
}

/** Requests that change something. */
const request = globalThis.fetch;
globalThis.fetch = async (input, init) => {
  const method = init?.method ?? 'GET';
  const { pathname } = new URL(input instanceof Request ? input.url : input);
  const isWrite = method !== 'GET' && !/^\/repos\/[^/]+\/[^/]+\/labels$/.test(pathname);
  if (!isWrite) return request(input, init);
  const name = `${method} ${pathname.replace(/\/\d+/g, '/n').replace(/\/labels\/.*/, '/labels/name')}`;
  pass(`before ${name}`);
  const response = await request(input, init);
  lastRequest = name;
  pass(`after ${name}`);
  return response;
};

/** Scripts of this service, by their digest. */
const folders = ['../state/lua/', '../queue/lua/'].map((folder) => new URL(folder, import.meta.url));
const scripts = new Map(folders.flatMap((folder) => readdirSync(fileURLToPath(folder)).map((file) => [createHash('sha1').update(readFileSync(new URL(file, folder), 'utf8')).digest('hex'), file] as const)));

interface Sent {
  readonly name: string;
  readonly args: readonly unknown[];
  readonly promise: Promise<unknown>;
}
type Send = (this: Redis, command: Sent, ...rest: unknown[]) => unknown;
const prototype = Redis.prototype as unknown as { sendCommand: Send };
const send = prototype.sendCommand;
prototype.sendCommand = function watched(command, ...rest) {
  const script = command.name === 'evalsha' ? scripts.get(String(command.args[0])) : undefined;
  if (script !== undefined && script !== 'take-matter.lua') {
    const name = `${script} after ${lastRequest}`;
    command.promise.then(() => pass(`after ${name}`), () => undefined);
  }
  return send.call(this, command, ...rest);
};

const { startService } = await import('@cascade/service-host');
const { readHostConfig } = await import('@cascade/service-host');
const { readGitHubConfig } = await import('@cascade/github');
const { githubSync, SyncSettings } = await import('../index.js');
const { quickTimes } = await import('./quick-times.js');
if (isTold) dieAfter = Number(await text(process.stdin));
await startService(githubSync(new SyncSettings(readGitHubConfig(process.env), quickTimes)), readHostConfig(process.env), { log: () => undefined, warn: () => undefined, error: () => undefined });
