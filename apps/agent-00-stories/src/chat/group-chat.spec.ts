import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { isCascadeError, redisKeys, retryable, type Run } from '@cascade/contracts';
import { MemoryRun, startTestRedis } from '@cascade/testing';
import { Redis } from 'ioredis';
import { PERSON, type ChatConfig, type ChatEvent, type ChatMessage } from './chat-events.js';
import { fold, type ChatState } from './chat-state.js';
import { RedisChatStore, type ChatStore } from './chat-store.js';
import { GroupChat, type ChatParts, type Participant } from './group-chat.js';

let server: Awaited<ReturnType<typeof startTestRedis>>;
let redis: Redis;
const key = redisKeys.chat('c1');

beforeAll(async () => {
  server = await startTestRedis();
  redis = new Redis(server.url);
});
beforeEach(() => redis.flushall());
afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

const config = (change: Partial<ChatConfig> = {}): ChatConfig => ({
  roles: ['a', 'b', 'c'].map((name) => ({ name, description: name })), selection: 'round_robin', transitions: {}, maxRounds: 50, terminations: ['done'], ...change,
});

/** Counts every call that would cost money; journalled under the chat's own step name, as a model's are. */
class Costs {
  readonly spoken: string[] = [];
  readonly picked: string[] = [];
}

function speaker(name: string, costs: Costs, say: (state: ChatState) => Partial<ChatMessage>): Participant {
  return {
    speak: (state, step, run) => run.step(`${step}/1`, async () => {
      costs.spoken.push(`${step}:${name}`);
      return { content: `${name} ${state.messages.length + 1}`, ...say(state) };
    }),
  };
}

interface Setup { readonly store?: ChatStore; readonly say?: (name: string, state: ChatState) => Partial<ChatMessage>; readonly rule?: ChatParts['rule']; readonly pick?: (state: ChatState) => string | undefined }

function chat(costs: Costs, setup: Setup = {}): GroupChat {
  const say = setup.say ?? ((_name: string, state: ChatState) => (state.messages.length === 9 ? { content: 'DONE' } : {}));
  return new GroupChat({
    store: setup.store ?? new RedisChatStore(redis, 'c1'),
    participants: Object.fromEntries(['a', 'b', 'c'].map((name) => [name, speaker(name, costs, (state) => say(name, state))])),
    selector: {
      pick: (state, among, step, run: Run) => run.step(`${step}/1`, async () => {
        costs.picked.push(`${step}:${among.join('')}`);
        const chosen = setup.pick?.(state);
        return chosen === undefined ? undefined : { speaker: chosen, reason: 'asked' };
      }),
    },
    rule: setup.rule ?? (() => undefined),
    terminations: { done: (state) => (state.messages.at(-1)?.content === 'DONE' ? { reason: 'done', outcome: 'completed' } : undefined) },
    onMessage: () => Promise.resolve(),
  });
}

const speakers = (state: ChatState): string => state.messages.map((message) => message.speaker).join('');

describe('speaker selection', () => {
  it('takes turns with round_robin, without asking a model', async () => {
    const costs = new Costs();
    const state = await chat(costs).run(config(), new MemoryRun());
    expect(speakers(state)).toBe('abcabcabca');
    expect(state.stop).toEqual({ reason: 'done', outcome: 'completed' });
    expect([costs.spoken.length, costs.picked.length]).toEqual([10, 0]);
  });

  it('asks no model when the transitions leave one candidate, and only then', async () => {
    const costs = new Costs();
    const transitions = { a: ['b'], b: ['a', 'c'], c: ['a'] };
    const state = await chat(costs, { pick: () => 'c' }).run(config({ selection: 'auto', transitions }), new MemoryRun());
    expect(costs.picked.every((pick) => pick.endsWith(':abc') || pick.endsWith(':ac'))).toBe(true);
    expect(speakers(state)).toMatch(/^c(abc)+$/);
  });

  it('follows the rule where it is clear and the model where it is not', async () => {
    const costs = new Costs();
    const state = await chat(costs, { rule: ({ messages }) => (messages.length % 2 === 0 ? 'a' : undefined), pick: () => 'b' }).run(config({ selection: 'rule' }), new MemoryRun());
    expect(speakers(state)).toBe('ababababab');
    expect(costs.picked).toHaveLength(5);
  });

  it('falls back to taking turns when the model names nobody who may speak', async () => {
    const state = await chat(new Costs(), { pick: ({ messages }) => (messages.length === 0 ? undefined : 'nobody') }).run(config({ selection: 'auto', maxRounds: 3 }), new MemoryRun());
    expect(speakers(state)).toBe('abc');
    expect((await new RedisChatStore(redis, 'c1').load()).flatMap((event) => (event.type === 'selected' ? [event.by] : []))).toEqual(['fallback', 'fallback', 'fallback']);
  });

  it('hands over to the role that a message names', async () => {
    const state = await chat(new Costs(), { say: (name) => (name === 'a' ? { handOff: 'c' } : {}) }).run(config({ maxRounds: 3 }), new MemoryRun());
    expect(speakers(state)).toBe('aca');
  });

  it('refuses a rule that breaks the transitions', async () => {
    await expect(chat(new Costs(), { rule: () => 'c' }).run(config({ selection: 'rule', transitions: { c: ['a', 'b'] } }), new MemoryRun())).rejects.toMatchObject({ code: 'CASC_CHAT_MISCONFIGURED' });
  });

  it.each<Partial<ChatConfig>>([{ transitions: { a: ['z'] } }, { terminations: ['never'] }, { roles: [{ name: 'z', description: '' }] }])('refuses a configuration that names what does not exist: %j', async (change) => {
    await expect(chat(new Costs()).run(config(change), new MemoryRun())).rejects.toMatchObject({ code: 'CASC_CHAT_MISCONFIGURED' });
    expect(await redis.exists(key)).toBe(0);
  });
});

describe('the end', () => {
  it('comes at the limit of rounds', async () => {
    const state = await chat(new Costs(), { say: () => ({}) }).run(config({ maxRounds: 4 }), new MemoryRun());
    expect([speakers(state), state.stop?.outcome]).toEqual(['abca', 'exhausted']);
  });

  it('comes when nobody may speak next', async () => {
    const state = await chat(new Costs(), { say: () => ({}) }).run(config({ transitions: { b: [] } }), new MemoryRun());
    expect([speakers(state), state.stop]).toEqual(['ab', { reason: 'nobody may speak next', outcome: 'exhausted' }]);
  });

  it('costs nothing when it is asked for again', async () => {
    const costs = new Costs();
    const run = new MemoryRun();
    const first = await chat(costs).run(config(), run);
    expect(await chat(costs).run(config(), run.restart())).toEqual(first);
    expect(costs.spoken).toHaveLength(10);
  });
});

describe('a person', () => {
  const setup: Setup = { say: (name, state) => (state.messages.length === 0 ? { content: 'JSON or text?', handOff: PERSON } : name === 'b' ? { content: 'DONE' } : {}) };

  it('is asked once, and the chat goes on with the answer', async () => {
    const costs = new Costs();
    const waiting = new MemoryRun();
    await expect(chat(costs, setup).run(config(), waiting)).rejects.toMatchObject({ kind: 'needs-input', message: 'JSON or text?' });
    await expect(chat(costs, setup).run(config(), waiting.restart())).rejects.toMatchObject({ kind: 'needs-input' });
    const state = await chat(costs, setup).run(config(), new MemoryRun({ answers: { 'stories/question/4': 'text' } }));
    expect(state.messages.map((message) => `${message.speaker}: ${message.content}`)).toEqual(['a: JSON or text?', 'person: text', 'a: a 3', 'b: DONE']);
    expect(costs.spoken).toHaveLength(3);
  });
});

/** Fails at the n-th append, before or after it happened: what a crash at that place leaves behind. */
class CrashingStore implements ChatStore {
  private count = 0;
  constructor(private readonly inner: ChatStore, private readonly at: number, private readonly when: 'before' | 'after') {}
  load = (): Promise<ChatEvent[]> => this.inner.load();
  async append(sequence: number, event: ChatEvent): Promise<void> {
    this.count += 1;
    if (this.count === this.at && this.when === 'before') throw retryable('CASC_TEST_CRASH', 'crash');
    await this.inner.append(sequence, event);
    if (this.count === this.at) throw retryable('CASC_TEST_CRASH', 'crash');
  }
}

describe('a crash', () => {
  it.each(['before', 'after'] as const)('%s any append leaves one log, and no call is made twice', async (when) => {
    const expected = await chat(new Costs()).run(config(), new MemoryRun());
    const log = await redis.xlen(key);
    for (let at = 1; at <= log; at += 1) {
      await redis.flushall();
      const costs = new Costs();
      const run = new MemoryRun();
      const crashed = await chat(costs, { store: new CrashingStore(new RedisChatStore(redis, 'c1'), at, when) }).run(config(), run).then(() => undefined, (error: unknown) => error);
      expect(isCascadeError(crashed) && crashed.code).toBe('CASC_TEST_CRASH');
      expect(await chat(costs).run(config(), run.restart())).toEqual(expected);
      expect(new Set(costs.spoken).size).toBe(costs.spoken.length);
      expect(await redis.xlen(key)).toBe(log);
    }
  });

  it('keeps the rules that the chat began with', async () => {
    const run = new MemoryRun();
    await chat(new Costs(), { store: new CrashingStore(new RedisChatStore(redis, 'c1'), 3, 'after') }).run(config({ maxRounds: 2 }), run).catch(() => undefined);
    const state = await chat(new Costs()).run(config({ maxRounds: 50, selection: 'auto' }), run.restart());
    expect([state.messages.length, state.config.maxRounds]).toEqual([2, 2]);
  });
});

describe('five workers at once', () => {
  it('write one linear log', async () => {
    const connections = Array.from({ length: 5 }, () => new Redis(server.url));
    const states = await Promise.all(connections.map((connection) => chat(new Costs(), { store: new RedisChatStore(connection, 'c1') }).run(config(), new MemoryRun())));
    connections.forEach((connection) => connection.disconnect());
    expect(new Set(states.map((state) => JSON.stringify(state))).size).toBe(1);
    const ids = (await redis.xrange(key, '-', '+')).map(([id]) => id);
    expect(ids).toEqual(ids.map((_, index) => `${index + 1}-0`));
    expect(fold(await new RedisChatStore(redis, 'c1').load())).toEqual(states[0]);
  });
});

describe('the log', () => {
  it('refuses a second event with the same number, and a jump', async () => {
    const store = new RedisChatStore(redis, 'c1');
    await store.append(1, { type: 'started', config: config() });
    await expect(store.append(1, { type: 'paused', question: '?' })).rejects.toMatchObject({ code: 'CASC_CHAT_CONFLICT' });
    await store.append(3, { type: 'paused', question: '?' });
    await expect(store.load()).rejects.toMatchObject({ code: 'CASC_CHAT_LOG_BROKEN', kind: 'terminal' });
  });

  it.each(['{', '{"type":"said"}', '{"type":"paused","question":"?"}'])('refuses the foreign entry %s', async (text) => {
    await redis.xadd(key, '1-0', 'event', text);
    await expect(chat(new Costs()).run(config(), new MemoryRun())).rejects.toMatchObject({ code: 'CASC_CHAT_LOG_BROKEN' });
  });

  it('refuses an event that is too large', async () => {
    const said: ChatEvent = { type: 'said', message: { speaker: 'a', content: 'x', turn: 'y'.repeat(500_000) } };
    await expect(new RedisChatStore(redis, 'c1').append(1, said)).rejects.toMatchObject({ code: 'CASC_CHAT_EVENT_TOO_LARGE' });
    expect(await redis.exists(key)).toBe(0);
  });
});
