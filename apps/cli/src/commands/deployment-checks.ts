import { access, constants } from 'node:fs/promises';
import path from 'node:path';
import { messageTypes, redisNodes } from '@cascade/contracts';
import { askRedis } from '@cascade/local-runtime';
import { readHostConfig } from '@cascade/service-host';
import { readLag, readPresence, type Lag, type Presence } from '@cascade/streams';
import { atPlace, withPartitions } from '../place.js';
import type { Check } from './check.js';
import { checkGitHub } from './github-check.js';

type Finding = Omit<Check, 'name'>;

/** What is in one partition. */
interface Seen {
  readonly lag: Lag;
  readonly presences: Presences;
}

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
/** As probes have it: who asks Redis for nothing for so long does nothing. */
const LONGEST_SILENCE_MS = 60_000;

/** What `doctor` also looks at where a deployment is named (`REDIS_URL`). Redis is asked once for all of it. */
export function deploymentCheckers(env: NodeJS.ProcessEnv): Readonly<Record<string, () => Promise<Finding>>> {
  let servers: Promise<readonly Server[]> | undefined;
  let seen: Promise<readonly Seen[]> | undefined;
  const readServersOnce = (): Promise<readonly Server[]> => servers ??= Promise.all(redisNodes(readHostConfig(env).redisUrl).map(readServer));
  const lookOnce = (): Promise<readonly Seen[]> => seen ??= look(env);
  return {
    settings: async () => checkSettings(await readServersOnce()), clock: async () => checkClock(await readServersOnce()),
    services: async () => checkServices(await lookOnce()), events: async () => checkEvents(await lookOnce()),
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

/** A service has never started here, has no process any more, or only ones that hang. */
async function checkServices(seen: readonly Seen[]): Promise<Finding> {
  const { services } = await import('@cascade/standalone'); // only now: other commands start faster without it
  const road = services.filter(({ besideCascades }) => besideCascades !== true).map(({ name }) => name);
  const faults = presenceFaults(road, seen.map(({ presences }) => presences));
  if (faults.length === 0) return { ok: true, detail: `all wait for work: ${knownServices(seen.map(({ presences }) => presences)).join(', ')}` };
  return { ok: false, detail: faults.join('; '), advice: 'Start them with the same REDIS_URL and CASCADE_PARTITIONS. Why they ended: `docker compose ps -a` and `docker compose logs <service>`, or `kubectl -n cascade get pods` and `kubectl -n cascade logs deploy/<service> --previous`.' };
}

type Presences = ReadonlyMap<string, Presence>;

const knownServices = (partitions: readonly Presences[]): string[] => [...new Set(partitions.flatMap((presences) => [...presences.keys()]))].toSorted((a, b) => a.localeCompare(b));

/** What is wrong with the services that cascades need, and with the others that have ever started, by partition. */
export function presenceFaults(road: readonly string[], partitions: readonly Presences[]): string[] {
  const never = road.filter((name) => !partitions.every((presences) => presences.has(name)));
  return [
    ...(never.length === 0 ? [] : [`never started on this Redis: ${never.join(', ')}`]),
    ...knownServices(partitions).filter((name) => !never.includes(name)).flatMap((name) => absence(name, partitions.flatMap((presences) => presences.get(name) ?? []))),
  ];
}

/** A process reads all partitions: who is away in one of them is not well. */
function absence(name: string, presences: readonly Presence[]): string[] {
  const worst = presences.find(({ silentMs }) => silentMs === undefined) ?? presences.toSorted((a, b) => b.silentMs! - a.silentMs!)[0]!;
  const { silentMs, lastWorkMs } = worst;
  if (silentMs === undefined) return [`no process of ${name} is connected${lastWorkMs === undefined ? '' : `, the last one took its last work ${ago(lastWorkMs)}`}`];
  return silentMs <= LONGEST_SILENCE_MS ? [] : [`${name} hangs: it last asked for work ${ago(silentMs)}`];
}

const ago = (ms: number): string => (ms < 120_000 ? `${Math.round(ms / 1_000)} s ago` : `${Math.round(ms / 60_000)} min ago`);

function checkEvents(seen: readonly Seen[]): Finding {
  const waiting = seen.flatMap(({ lag }) => lag.groups).filter(({ oldestUndeliveredMs }) => oldestUndeliveredMs > LONGEST_WAIT_MS);
  const dead = seen.flatMap(({ lag }) => lag.services).filter(({ deadLetters }) => deadLetters > 0);
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

async function readServer(url: string): Promise<Server> {
  const sections = await askRedis(url, ['server', 'memory', 'persistence'].map((section) => ['INFO', section]));
  const info = new Map(sections.flatMap((text) => text.split('\r\n')).map((line): [string, string] => { const at = line.indexOf(':'); return [line.slice(0, at), line.slice(at + 1)]; }));
  return { info, aheadMs: Number(info.get('server_time_usec')) / 1_000 - Date.now() };
}

/** Each partition. */
async function look(env: NodeJS.ProcessEnv): Promise<readonly Seen[]> {
  return atPlace(env, false, (place) => withPartitions(place, (partitions) => Promise.all(partitions.map(async (redis) => {
    const [lag, presences] = await Promise.all([readLag(redis, messageTypes), readPresence(redis, messageTypes)]);
    return { lag, presences };
  }))));
}
