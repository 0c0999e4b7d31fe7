import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import type { Problem } from '@cascade/contracts';
import type { DocsCall } from './arguments.js';
import { askLine, LineError } from './redis-line.js';

const COMMANDS: Readonly<Record<Exclude<DocsCall['verb'], 'index'>, string>> = {
  search: 'docs.search', deps: 'docs.dependencies', callers: 'docs.callers', impact: 'docs.impact', describe: 'docs.describe', map: 'docs.map', stats: 'docs.stats',
};
const SERVICE = 'docs-indexer';
const ANSWER_SECONDS = 60;

export type Answer = { readonly data: Readonly<Record<string, unknown>> } | { readonly problem: Problem };

/** The command of a call, by its type and payload. */
export function commandOf({ verb, repository, branch, fields }: DocsCall): { readonly type: string; readonly request: Readonly<Record<string, unknown>> } {
  return { type: COMMANDS[verb as keyof typeof COMMANDS], request: { repository, ...(branch === undefined ? {} : { branch }), ...fields } };
}

/**
 * Asks the docs-indexer that runs, without loading any library: the wire format is that of docs/events.md and docs/keys.md.
 * Nothing when none runs where this can see it; then there is another, slower way. Throws a LineError when it does not answer.
 */
export async function askRunning(call: DocsCall, env: NodeJS.ProcessEnv): Promise<Answer | undefined> {
  const url = plainRedis(env);
  if (url === undefined || !await isServed(url)) return undefined;
  const id = randomUUID();
  const { type, request } = commandOf(call);
  const entry = {
    specversion: '1.0', id, source: 'urn:cascade:command', type, time: new Date().toISOString(), datacontenttype: 'application/json',
    dataschema: `urn:cascade:command:${type}:v1`, correlationid: 'cascade-cli', cascadekey: id, data: JSON.stringify(request),
  };
  // The reply is a list of its kind and its body; turned round, the body comes first.
  const [added, kind, body] = await askLine(url, [
    ['XADD', `stream:${type}`, '*', ...Object.entries(entry).flat()], ['BLMOVE', `reply:${id}`, `reply:${id}`, 'LEFT', 'RIGHT', String(ANSWER_SECONDS)], ['LINDEX', `reply:${id}`, '0'],
  ], (ANSWER_SECONDS + 5) * 1_000);
  if (added instanceof Error) throw added;
  if (typeof body !== 'string' || kind === null) throw new LineError(`docs-indexer did not answer within ${ANSWER_SECONDS} s`);
  return JSON.parse(body) as Answer; // checked against its contract by who sent it
}

/** Whether a docs-indexer is connected to the Redis of this environment; false where that cannot be seen. */
export async function isServedAt(env: NodeJS.ProcessEnv): Promise<boolean> {
  const url = plainRedis(env);
  return url !== undefined && await isServed(url);
}

/** Its connections are named so. Consumers of its group would tell too little: one that died looks like one that has nothing to do. */
async function isServed(url: URL): Promise<boolean> {
  const [clients] = await askLine(url, [['CLIENT', 'LIST']], 3_000).catch(() => [null]);
  return typeof clients === 'string' && clients.includes(` name=${SERVICE}-`);
}

/** The address of a single Redis without encryption and partitions: the named one, or the private one of this machine. */
export function plainRedis(env: NodeJS.ProcessEnv): URL | undefined {
  const named = env['REDIS_URL'] ?? '';
  const url = named === '' ? privateRedis(env) : named;
  return url !== undefined && url.startsWith('redis://') && URL.canParse(url) && (env['CASCADE_PARTITIONS'] ?? '1') === '1' ? new URL(url) : undefined;
}

function privateRedis(env: NodeJS.ProcessEnv): string | undefined {
  const home = env['CASCADE_HOME'] ?? path.join(env['XDG_STATE_HOME'] ?? path.join(homedir(), '.local', 'state'), 'cascade');
  try {
    const { port, password } = JSON.parse(readFileSync(path.join(home, 'redis/server.json'), 'utf8')) as Record<string, unknown>;
    return `redis://:${encodeURIComponent(String(password))}@127.0.0.1:${Number(port)}`;
  } catch {
    return undefined; // none was ever started here
  }
}
