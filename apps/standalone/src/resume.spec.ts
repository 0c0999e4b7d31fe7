import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, describe, expect, it, jest } from '@jest/globals';
import { newEventId } from '@cascade/contracts';
import { isTerminal, parseCascadeRecord, type CascadeRecord } from '@cascade/state';
import { priceList, RecordedModel, removeTemporaryFolders, startTestRedis, temporaryHome, untilTrue, type SampleRepository, type ScriptedRequest, type TestRedis } from '@cascade/testing';
import { Redis } from 'ioredis';

jest.setTimeout(600_000);

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** One place with everything of its own: Redis, repository, caches, model. */
interface Place {
  readonly redis: Redis;
  readonly server: TestRedis;
  readonly model: RecordedModel;
  readonly repository: SampleRepository;
  readonly env: NodeJS.ProcessEnv;
}

const children = new Set<ChildProcess>();
const places: Place[] = [];

async function openPlace(): Promise<Place> {
  const [server, model] = await Promise.all([startTestRedis(), RecordedModel.start(priceList.recording)]);
  const repository = priceList.repository();
  const env = {
    PATH: process.env['PATH'], ...model.env, ...temporaryHome(), REDIS_URL: server.url,
    CASCADE_CLAIM_IDLE_MS: '1000', ...(process.env['CASCADE_BWRAP'] === undefined ? {} : { CASCADE_BWRAP: process.env['CASCADE_BWRAP'] }),
  };
  const place = { redis: new Redis(server.url), server, model, repository, env };
  places.push(place);
  return place;
}

/** All services in a real process of their own, which can be killed. */
function startServices(place: Place): ChildProcess {
  const child = spawn(process.execPath, [path.join(root, 'apps/standalone/dist/main.js')], { env: place.env, stdio: ['ignore', 'inherit', 'inherit'] });
  children.add(child);
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  children.delete(child);
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

/** As any Redis client would ask. */
async function request(place: Place): Promise<string> {
  const id = newEventId();
  const data = { request: priceList.request, repository: place.repository.folder };
  await place.redis.xadd('stream:cascade.requested', '*', 'type', 'cascade.requested', 'id', id, 'data', JSON.stringify(data));
  return id;
}

async function end(place: Place, id: string): Promise<CascadeRecord> {
  const read = async (): Promise<CascadeRecord | undefined> => parseCascadeRecord(id, await place.redis.hgetall(`cascade:${id}`));
  await untilTrue(async () => isTerminal((await read())?.state ?? 'running'), `the end of cascade ${id}`, 480_000);
  return (await read())!;
}

const repeats = (model: RecordedModel): number[] => [...model.answered.values()].filter((count) => count > 1);
const saidBy = (system: string) => (one: ScriptedRequest): boolean => (one.messages[0]?.content ?? '').includes(system);

/** A point in each tier, as something that only its prompts say: amid the chat, between tier 1's answers, in tier 2, and with tests written but no code. */
const tiers = ['You are the software architect', 'You are the task planner', 'You are the software designer', 'Write the code of one task'].map(saidBy);

afterEach(async () => {
  await Promise.all([...children].map(kill));
  for (const place of places.splice(0)) {
    place.redis.disconnect();
    await Promise.all([place.server.stop(), place.model.close()]);
  }
});
afterAll(() => removeTemporaryFolders());

describe('a cascade whose process is killed with kill -9 in each tier and started again', () => {
  it('finishes with the artefacts of a run that nobody disturbs, and no answer is paid twice', async () => {
    const place = await openPlace();
    let id: string | undefined;
    for (const point of tiers) {
      const reached = place.model.holdNext(point);
      const services = startServices(place);
      id ??= await request(place);
      await reached;
      await kill(services);
    }
    startServices(place);
    const record = await end(place, id!);
    expect(record).toMatchObject({ state: 'completed' });
    expect(place.model.unknown).toEqual([]);
    expect(repeats(place.model)).toEqual([]);
    expect(record.usage.calls).toBe(place.model.size);
    expect(priceList.artefactsOf(place.repository, record.summary!.branch)).toEqual(priceList.artefacts);
  });
});
