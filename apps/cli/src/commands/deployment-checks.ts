import { access, constants } from 'node:fs/promises';
import path from 'node:path';
import { commands, events, redisNodes } from '@cascade/contracts';
import { GitHubAccess, readGitHubConfig } from '@cascade/github';
import { askRedis } from '@cascade/local-runtime';
import { readHostConfig } from '@cascade/service-host';
import { readLag, type Lag } from '@cascade/streams';
import { openPlace, withPartitions, type Place } from '../place.js';
import type { Check } from './check.js';

type Finding = Omit<Check, 'name'>;

/** One that `REDIS_URL` names. */
interface Server {
  /** What its INFO tells, by name. */
  readonly info: ReadonlyMap<string, string>;
  /** Of this machine's clock; NaN when it does not tell. */
  readonly aheadMs: number;
}

/** Deadlines go by Redis' clock, what a service says of its events by its own. */
const MAX_SKEW_MS = 5_000;
/** Of `maxmemory`: above, writes are soon refused. */
const MOST_MEMORY = 0.8;
/** An event that nobody was given for so long waits for a service that is down or too slow. */
const LONGEST_WAIT_MS = 60_000;

/** What `doctor` also looks at where a deployment is named (`REDIS_URL`). Redis is asked once for all of it. */
export function deploymentCheckers(env: NodeJS.ProcessEnv): Readonly<Record<string, () => Promise<Finding>>> {
  let servers: Promise<readonly Server[]> | undefined;
  let lags: Promise<readonly Lag[]> | undefined;
  const readServersOnce = (): Promise<readonly Server[]> => servers ??= Promise.all(redisNodes(readHostConfig(env).redisUrl).map(readServer));
  const readLagsOnce = (): Promise<readonly Lag[]> => lags ??= readLags(env);
  return {
    settings: async () => checkSettings(await readServersOnce()), clock: async () => checkClock(await readServersOnce()),
    services: async () => checkServices(await readLagsOnce()), events: async () => checkEvents(await readLagsOnce()),
    folders: () => checkFolders(env), github: () => checkGitHub(env),
  };
}

/** Of each server that `REDIS_URL` names: the settings that docs/delivery.md asks for. */
function checkSettings(servers: readonly Server[]): Finding {
  const faults = servers.flatMap(({ info }) => settingFaults(info));
  return faults.length === 0
    ? { ok: true, detail: 'nothing is evicted, and an append-only file is kept' }
    : { ok: false, detail: faults.join('; '), advice: 'See "What an operator must configure" in docs/delivery.md.' };
}

/** What an INFO tells that loses events, or is about to. */
export function settingFaults(info: Server['info']): string[] {
  const [policy, used, most] = [info.get('maxmemory_policy') ?? 'unknown', Number(info.get('used_memory')), Number(info.get('maxmemory'))];
  return [
    ...(policy === 'noeviction' ? [] : [`maxmemory-policy is ${policy}: under load state is deleted (set noeviction)`]),
    ...(info.get('aof_enabled') === '1' ? [] : ['appendonly is off: a restart loses everything (set appendonly yes)']),
    ...(info.get('aof_last_write_status') === 'err' ? ['the append-only file cannot be written (is its disk full?)'] : []),
    ...(most > 0 && used > MOST_MEMORY * most ? [`${Math.round(100 * used / most)} % of maxmemory are used`] : []),
  ];
}

function checkClock(servers: readonly Server[]): Finding {
  const skew = Math.max(...servers.map(({ aheadMs }) => Math.abs(aheadMs)));
  const ok = !(skew > MAX_SKEW_MS); // a server that does not tell its time is not blamed
  return { ok, detail: Number.isNaN(skew) ? 'Redis does not tell its time' : `${Math.round(skew)} ms between Redis and here`, ...(ok ? {} : { advice: 'Let both synchronize their clocks (NTP).' }) };
}

/** Groups that a service makes when it first starts; that it runs now is told by its `/ready`, and by events that wait. */
async function checkServices(lags: readonly Lag[]): Promise<Finding> {
  const { services: all } = await import('@cascade/standalone'); // only now: other commands start faster without it
  const road = all.filter(({ besideCascades }) => besideCascades !== true).map(({ name }) => name);
  const missing = road.filter((name) => !lags.every(({ services }) => services.some(({ service }) => service === name)));
  return missing.length === 0 ? { ok: true, detail: 'each has its consumer groups' } : { ok: false, detail: `never started on this Redis: ${missing.join(', ')}`, advice: 'Start them with the same REDIS_URL and CASCADE_PARTITIONS.' };
}

function checkEvents(lags: readonly Lag[]): Finding {
  const waiting = lags.flatMap(({ groups }) => groups).filter(({ oldestUndeliveredMs }) => oldestUndeliveredMs > LONGEST_WAIT_MS);
  const dead = lags.flatMap(({ services }) => services).filter(({ deadLetters }) => deadLetters > 0);
  const faults = [
    ...waiting.map(({ stream, group, lag, oldestUndeliveredMs }) => `${lag} of ${stream} wait for ${group}, the oldest for ${Math.round(oldestUndeliveredMs / 1_000)} s`),
    ...dead.map(({ service, deadLetters }) => `${deadLetters} dead letters of ${service}`),
  ];
  return faults.length === 0 ? { ok: true, detail: 'none waits for long, no dead letters' } : { ok: false, detail: faults.join('; '), advice: '`cascade lag` shows where events wait, `cascade dlq list` what was given up and why.' };
}

async function checkFolders(env: NodeJS.ProcessEnv): Promise<Finding> {
  const { storeFolder, cacheFolder, workspacesFolder } = readHostConfig(env);
  const folders = { CASCADE_STORE: storeFolder, CASCADE_CACHE: cacheFolder, CASCADE_WORKSPACES: workspacesFolder };
  const faults = (await Promise.all(Object.entries(folders).map(async ([name, folder]) => (await isWritable(folder) ? [] : [`${name} (${folder})`])))).flat();
  return faults.length === 0 ? { ok: true, detail: `can be written: ${Object.keys(folders).join(', ')}` } : { ok: false, detail: `cannot be written: ${faults.join(', ')}`, advice: 'Give the folder, or the volume, to the user that Cascade runs as.' };
}

/** Of a folder that is not there yet: whether it can be made. */
async function isWritable(folder: string): Promise<boolean> {
  try {
    await access(folder, constants.W_OK);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' && folder !== path.dirname(folder) && isWritable(path.dirname(folder));
  }
}

async function checkGitHub(env: NodeJS.ProcessEnv): Promise<Finding> {
  const config = readGitHubConfig(env);
  if (config.credentials === undefined) return { ok: true, detail: 'not connected (CASCADE_GITHUB_TOKEN, or an App)' };
  const login = await new GitHubAccess(config).whoAmI(AbortSignal.timeout(10_000));
  return { ok: true, detail: `${login} at ${config.api}; \`cascade github setup\` names missing permissions` };
}

async function readServer(url: string): Promise<Server> {
  const sections = await askRedis(url, ['server', 'memory', 'persistence'].map((section) => ['INFO', section]));
  const info = new Map(sections.flatMap((text) => text.split('\r\n')).map((line): [string, string] => { const at = line.indexOf(':'); return [line.slice(0, at), line.slice(at + 1)]; }));
  return { info, aheadMs: Number(info.get('server_time_usec')) / 1_000 - Date.now() };
}

/** Of each partition. */
async function readLags(env: NodeJS.ProcessEnv): Promise<readonly Lag[]> {
  const place: Place = await openPlace(env, false);
  try {
    return await withPartitions(place, (partitions) => Promise.all(partitions.map((redis) => readLag(redis, [...events, ...commands].map(({ type }) => type)))));
  } finally {
    await place.close();
  }
}
