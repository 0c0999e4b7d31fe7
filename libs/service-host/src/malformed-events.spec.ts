import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Controller, Module, type LoggerService } from '@nestjs/common';
import { commands, events, MAX_DATA_BYTES, MAX_DATA_DEPTH, streamKeys, type EventOf, type Outcome } from '@cascade/contracts';
import { fieldsOf, nothing, OnCommand, OnEvent, parseDeadLetter, type DeadLetter } from '@cascade/streams';
import { failOnLeaks, malformedEntries, payloadSamples, SeededRandom, startTestRedis, untilTrue, validEntries, type Definition, type FuzzEntry, type TestRedis } from '@cascade/testing';
import fc from 'fast-check';
import { Redis } from 'ioredis';
import { HostConfig, startService, type RunningService } from './index.js';

const MALFORMED = 10_000;
/** Entries that are under way at once: some are large, and the stream must not become the test's subject. */
const ROUND = 1_000;
const ROOM = 96 * 1024 * 1024;
/** The same every time unless given: what fails in CI fails here too. */
const seed = Number(process.env['FUZZ_SEED'] ?? 20_261_122);
const contracts: readonly Definition[] = [...events, ...commands];

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** By the id that the entry carries. */
const handled: string[] = [];

/** Handles every event and every command that there is. */
function handlerOfEverything(): new () => object {
  class Handlers {}
  const define = (name: string, method: (message: never, call: never) => unknown, decorate: (target: object, name: string, descriptor: PropertyDescriptor) => void): void => {
    Object.defineProperty(Handlers.prototype, name, { value: method, configurable: true, writable: true });
    decorate(Handlers.prototype, name, Object.getOwnPropertyDescriptor(Handlers.prototype, name)!);
  };
  for (const event of events) define(event.type, async ({ id }: EventOf<typeof event>): Promise<Outcome> => (handled.push(id), nothing()), OnEvent(event));
  for (const command of commands) {
    const [reply] = fc.sample(payloadSamples(command.reply), { numRuns: 1, seed });
    define(command.type, async (_request: never, { cascadeId }: { cascadeId: string }) => (handled.push(cascadeId.slice('c-'.length)), reply), OnCommand(command) as never);
  }
  Controller()(Handlers);
  return Handlers;
}

class FuzzModule {}
Module({ controllers: [handlerOfEverything()] })(FuzzModule);
const silent = { log: () => undefined, warn: () => undefined, error: () => undefined } satisfies LoggerService;

failOnLeaks();

describe(`a service that handles every contract (FUZZ_SEED=${seed})`, () => {
  let server: TestRedis;
  let redis: Redis;
  let service: RunningService;

  beforeAll(async () => {
    server = await startTestRedis();
    redis = new Redis(server.url, { enableAutoPipelining: true });
  });
  beforeEach(async () => {
    await redis.flushall();
    handled.length = 0;
    service = await startService({ name: 'fuzz', module: FuzzModule }, new HostConfig(server.url, '/nowhere', '/nowhere', 64, 60_000, undefined), silent);
  });
  afterEach(() => service.stop());
  afterAll(async () => {
    redis.disconnect();
    await server.stop();
  });

  const send = async (entry: FuzzEntry): Promise<string> => {
    const stream = streamKeys.stream(entry.type);
    return `${stream} ${(await redis.call('XADD', stream, '*', ...entry.fields.flat())) as string}`;
  };

  /** The dead letters after `from`, by the entry that they are about. */
  async function lettersAfter(from: string): Promise<{ last: string; letters: Map<string, DeadLetter> }> {
    const entries = await redis.xrange(streamKeys.deadLetters('fuzz'), `(${from}`, '+');
    const letters = entries.map(([, flat]) => parseDeadLetter(fieldsOf(flat)));
    return { last: entries.at(-1)?.[0] ?? from, letters: new Map(letters.map((letter) => [`${letter.stream} ${letter.entryId}`, letter])) };
  }

  it(`refuses ${MALFORMED} malformed ones, each by name, and handles every valid one between them`, async () => {
    const each = Math.ceil(MALFORMED / contracts.length);
    const bad = contracts.flatMap((definition, index) => fc.sample(malformedEntries(definition, seed), { numRuns: each, seed: seed + index }));
    const good = contracts.flatMap((definition, index) => fc.sample(validEntries(definition, seed), { numRuns: Math.ceil(each / 10), seed: seed - index - 1 }));
    const all = new SeededRandom(seed).shuffled([...bad, ...good]);
    let heapAfterFirst = 0;
    let position = '0-0';
    for (let from = 0; from < all.length; from += ROUND) {
      const round = all.slice(from, from + ROUND);
      const sent = new Map((await Promise.all(round.map(async (entry) => [await send(entry), entry] as const))));
      const expected = round.filter((entry) => entry.place !== undefined).length;
      await untilTrue(() => nothingLeft(redis), 'the round to end', 120_000);
      const { last, letters } = await lettersAfter(position);
      position = last;
      expect(letters.size).toBe(expected);
      for (const [key, entry] of sent) if (entry.place !== undefined) expectNamed(entry, letters.get(key));
      collectGarbage();
      if (from === 0) heapAfterFirst = process.memoryUsage().heapUsed;
    }
    expect(handled.toSorted()).toEqual(good.map((entry) => String(entry.fields.find(([name]) => name === 'id')![1])).toSorted());
    expect(process.memoryUsage().heapUsed - heapAfterFirst).toBeLessThan(ROOM);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  }, 300_000);

  it('refuses 16 MB and 100,000 levels by their text alone', async () => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    const recursive = `{"programs":[{"predictors":[{"signature":{"inputs":[{"type":${'{"kind":"array","of":'.repeat(20_000)}{"kind":"files"}${'}'.repeat(20_000)}}]}}]}]}`;
    const fields = (data: string, definition: Definition): FuzzEntry => ({ type: definition.type, trick: '', fields: [['id', 'i'], ['type', definition.type], ['dataschema', definition.dataschema], ['correlationid', 'c'], ['cascadekey', 'k'], ['data', data]] });
    const large = `{"request":"${'x'.repeat(16 * 1024 * 1024)}"}`;
    for (const definition of contracts) await send(fields(deep, definition));
    await send(fields(recursive, events.find((event) => event.type === 'programs.ready')!));
    await send(fields(large, events[0]));
    await send(fields(large, commands[0]));
    await untilTrue(async () => await redis.xlen(streamKeys.deadLetters('fuzz')) === contracts.length + 3, 'dead letters', 60_000);
    const problems = [...(await lettersAfter('0-0')).letters.values()].map((letter) => letter.problem.findings?.join());
    expect(problems.filter((finding) => finding === `data: nested deeper than ${MAX_DATA_DEPTH} levels`)).toHaveLength(contracts.length + 1);
    expect(problems.filter((finding) => finding?.startsWith('data: more than '))).toHaveLength(2);
    expect(problems).toContain(`data: more than ${MAX_DATA_BYTES} bytes`);
    expect(handled).toEqual([]);
  });
});

/** The letter says which contract was broken and where; a finding may name the place's parent or what is below it. */
function expectNamed(entry: FuzzEntry, letter: DeadLetter | undefined): void {
  const findings = letter?.problem.findings ?? [];
  const places = findings.map((finding) => finding.slice(0, finding.indexOf(': ')).replace(/\.value$/, ''));
  const named = places.some((place) => place.startsWith(entry.place!) || entry.place!.startsWith(`${place}.`));
  if (!named || !/^CASC_(EVENT|COMMAND)_INVALID$/.test(letter?.problem.code ?? '')) {
    throw new NotNamedError(`${entry.type}, ${entry.trick} at ${entry.place}: ${JSON.stringify(letter?.problem ?? 'no dead letter')}\n${entry.fields.map(([name, value]) => `${name}=${String(value).slice(0, 300)}`).join('\n')}`);
  }
}
class NotNamedError extends Error {}

/** Every group has taken and acknowledged everything. */
async function nothingLeft(redis: Redis): Promise<boolean> {
  const groups = await Promise.all(contracts.map((definition) => redis.xinfo('GROUPS', streamKeys.stream(definition.type)) as Promise<unknown[][]>));
  return groups.flat().every((group) => {
    const { pending, lag } = fieldsOf<unknown>(group);
    return pending === 0 && lag === 0;
  });
}
