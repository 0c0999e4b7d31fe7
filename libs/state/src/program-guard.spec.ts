import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { redisKeys, type CascadeEvent, type Outcome, type Run } from '@cascade/contracts';
import { startTestRedis } from '@cascade/testing';
import fc from 'fast-check';
import { Redis } from 'ioredis';
import { CascadeRuns } from './cascade-runs.js';
import type { ProgramChange } from './program-guard.js';

let server: Awaited<ReturnType<typeof startTestRedis>>;
let redis: Redis;
const sources = new Set<CascadeRuns>();

beforeAll(async () => {
  server = await startTestRedis();
  redis = new Redis(server.url);
});
beforeEach(() => redis.flushall());
afterAll(async () => {
  for (const runs of sources) runs.close();
  redis.disconnect();
  await server.stop();
});

const result: Outcome = { save: [{ key: 'k', fields: { a: '1' } }], publish: [] };
const event: CascadeEvent = { id: 'e1', type: 'stories.approved', source: 'urn:test', time: new Date().toISOString(), cascadeId: 'c1', dataschema: 'd', data: {} };

type Program = (run: Run) => Promise<Outcome | void>;
const sequence = (...steps: string[]): Program => async (run) => { for (const step of steps) await run.step(step, async () => step); };
const together = (...programs: Program[]): Program => async (run) => void await Promise.all(programs.map((program) => program(run)));
const source = (service: string, programChange: ProgramChange): CascadeRuns => {
  const runs = new CascadeRuns(redis, service, { programChange });
  sources.add(runs);
  return runs;
};

/** Handles the event with this program, as the transport does. */
async function handle(program: Program, options: { service?: string; policy?: ProgramChange; event?: CascadeEvent } = {}): Promise<'done'> {
  const runs = source(options.service ?? 'agent', options.policy ?? 'fail');
  const { run, check, close } = await runs.open(options.event ?? event, undefined, new AbortController().signal);
  try {
    await check?.(await program(run) ?? result);
    return 'done';
  } finally {
    close();
    runs.close();
    sources.delete(runs);
  }
}
/** The program, killed before its step `at`. */
const killedAt = (at: number, program: Program): Promise<unknown> => handle(async (run) => {
  let left = at;
  const step: Run['step'] = (name, fn, options) => {
    left -= 1;
    return left < 0 ? Promise.reject(new RangeError('killed')) : run.step(name, fn, options);
  };
  return program({ cascadeId: run.cascadeId, fence: run.fence, signal: run.signal, effect: run.effect.bind(run), progress: run.progress.bind(run), ask: run.ask.bind(run), keptElsewhere: run.keptElsewhere.bind(run), step });
}).catch((error: unknown) => expect(error).toMatchObject({ message: 'killed' }));

const changed = { code: 'CASC_PROGRAM_CHANGED', kind: 'terminal' };

describe('a program that was changed while its cascade ran', () => {
  it('fails when it no longer asks for a step that was recorded, and names it', async () => {
    await killedAt(2, sequence('a', 'b', 'c'));
    await expect(handle(sequence('a', 'c', 'd'))).rejects.toMatchObject({ ...changed, findings: ['b'] });
  });

  it('fails when it asks for none of them', async () => {
    await killedAt(1, sequence('a', 'b'));
    await expect(handle(sequence('x'))).rejects.toMatchObject({ ...changed, findings: ['a'] });
  });

  it('fails before it uses, or pays for, anything when it asks for a step of another service', async () => {
    await handle(sequence('a'), { service: 'other' });
    let ran = false;
    await expect(handle(async (run) => void await run.step('a', async () => (ran = true)))).rejects.toMatchObject(changed);
    expect(ran).toBe(false);
  });

  it('goes on, and says so, where that is the policy', async () => {
    await killedAt(2, sequence('a', 'b', 'c'));
    await handle(sequence('a', 'c'), { policy: 'continue' });
    const lines = (await redis.xrange(redisKeys.timeline('c1'), '-', '+')).map(([, fields]) => fields.at(-1));
    expect(lines).toEqual([expect.stringContaining('no longer asks for steps that it recorded (b)')]);
  });
});

describe('the same program', () => {
  it('may be killed anywhere, with steps side by side, and is never taken for another', async () => {
    const steps = fc.array(fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 4 });
    await fc.assert(fc.asyncProperty(steps, fc.array(fc.nat(12), { maxLength: 3 }), async (branches, kills) => {
      await redis.flushall();
      const program = together(...branches.map((branch, number) => sequence(...branch.map((_, index) => `b${number}/${index}`))));
      for (const at of kills) await killedAt(at, program);
      expect([await handle(program), await handle(program)]).toEqual(['done', 'done']);
    }), { numRuns: 25 });
  });

  it('may add steps at the end of what it did', async () => {
    await killedAt(2, sequence('a', 'b', 'c'));
    expect(await handle(sequence('a', 'b', 'x', 'c'))).toBe('done');
  });

  it('follows a state that others changed meanwhile, when its outcome names that state', async () => {
    const followState: (version: number) => Program = (version) => async (run) => {
      await run.step(`schedule/v${version}/tip`, async () => version);
      return { ...result, expect: { key: 'graph', field: 'version', value: String(version) } };
    };
    await handle(followState(3));
    expect(await handle(followState(4))).toBe('done');
  });

  it('may find that everything was done before', async () => {
    await handle(sequence('a'));
    expect(await handle(async () => ({ save: [], publish: [] }))).toBe('done');
  });

  it('shares steps between its events', async () => {
    await handle(sequence('shared', 'a'));
    await handle(sequence('shared', 'b'), { event: { ...event, id: 'e2' } });
    expect(await handle(sequence('shared', 'b'), { event: { ...event, id: 'e2' } })).toBe('done');
  });

  it('need not ask for what it keeps elsewhere', async () => {
    await handle(sequence('chat/1', 'chat/2'));
    expect(await handle(async (run) => { run.keptElsewhere('chat/'); await run.step('chat/3', async () => 3); })).toBe('done');
  });
});
