import { isDeepStrictEqual } from 'node:util';
import {
  cascadeCleaned, cascadeCompleted, cascadeRequested, fromEntry, isCascadeError, publication, redisKeys, terminal, terminalEvents, toEntry,
  type CascadeEvent, type CascadeSummary, type EventDefinition, type EventOf, type Expectation, type Outcome, type Run,
} from '@cascade/contracts';
import { Committer, fieldsOf, outcomeWrites } from '@cascade/streams';
import { untilTrue } from '@cascade/testing';
import { Redis } from 'ioredis';
import { CascadeRuns, Cascades } from '../index.js';
import { effectKey, entryOf, isOpen, questionName, resultOf, stepName, type Command, type Model, type Visible } from './cascade-model.js';
import { demand, done, drawn, given, viewOf } from './model-view.js';

const CASCADE = 'c1';
const SERVICE = 'worker';
const GRAPH = redisKeys.graph(CASCADE);
const streams = [redisKeys.stream(given.type), redisKeys.retries(SERVICE)];
const ends = terminalEvents.map((definition) => redisKeys.stream(definition.type));
const time = '2026-01-01T00:00:00.000Z';
const usage = { promptTokens: 10, completionTokens: 1, usd: 0.01 };
const summary: CascadeSummary = { branch: 'cascade/1-x', commitSha: 'a'.repeat(40), stories: [], tasks: [], featureDirectory: 'specs/001-x', gate: 'PASS' };

interface Entry { readonly stream: string; readonly id: string; readonly event: EventOf<typeof given> }
interface Zombie { readonly run: Run; comeBack(): void; readonly finished: Promise<unknown> }

/** Redis and the objects of one service process; the counterpart of the pure model, driven by the same commands. */
export class ModelWorld {
  private redis: Redis;
  private cascades!: Cascades;
  private runs!: CascadeRuns;
  private committer!: Committer;
  private consumer = 0;
  private pending: Entry[] = [];
  private zombies: Zombie[] = [];
  private retired: (() => void)[] = [];

  private constructor(private readonly url: string) {
    this.redis = new Redis(url, { enableAutoPipelining: true });
    this.start();
  }

  static async start(url: string): Promise<ModelWorld> {
    const world = new ModelWorld(url);
    await world.redis.flushall();
    for (const stream of streams) await world.redis.xgroup('CREATE', stream, SERVICE, '0', 'MKSTREAM');
    for (const stream of ends) await world.redis.xgroup('CREATE', stream, 'supervisor', '0', 'MKSTREAM');
    return world;
  }

  async stop(): Promise<void> {
    for (const zombie of this.zombies) zombie.comeBack();
    await Promise.all(this.zombies.map((zombie) => zombie.finished));
    this.runs.close();
    this.redis.disconnect();
    for (const close of this.retired) close();
  }

  /** `model` is the state before the command. */
  async apply(command: Command, model: Model): Promise<void> {
    if (command.do === 'accept') return void await this.cascades.accept({ id: CASCADE, type: cascadeRequested.type, source: 's', time: new Date().toISOString(), cascadeId: CASCADE, dataschema: cascadeRequested.dataschema, data: { request: 'r', repository: '/r' } });
    if (model.state === 'none') return;
    if ('at' in command) return model.pending.length === 0 ? undefined : this.handle(command, this.pending[entryOf(model, command.at)]!, model);
    switch (command.do) {
      case 'deliver': return this.deliver(command.event, command.copies);
      case 'crash': return this.crash();
      case 'zombie': return this.zombie();
      case 'answer': return this.answer(questionName(command.event, command.name), model);
      case 'cancel': return this.ended(await this.cascades.cancel(CASCADE, 'not needed'), model);
      case 'timeOut': return this.timeOut(model);
      case 'cleanUp': return this.cleanUp();
    }
  }

  /** What can be seen of the cascade from outside, in the terms of the model. */
  async view(): Promise<Visible> {
    const seen = viewOf(this.redis, CASCADE);
    const pending = await Promise.all(streams.map(async (stream) => ((await this.redis.xpending(stream, SERVICE, '-', '+', 1_000)) as [string][]).map(([id]) => `${stream} ${id}`)));
    demand(isDeepStrictEqual(new Set(pending.flat()), new Set(this.pending.map((entry) => `${entry.stream} ${entry.id}`))), 'what is pending in Redis is what was delivered and not acknowledged');
    return { ...await seen, pending: this.pending.map((entry) => entry.event.data.n) };
  }

  private start(): void {
    this.cascades = new Cascades(this.redis);
    this.runs = new CascadeRuns(this.redis, SERVICE);
    this.committer = Committer.on(this.redis, new AbortController().signal);
    this.consumer += 1;
  }

  private async deliver(n: number, copies: number): Promise<void> {
    const event = { id: `event-${n}`, type: given.type, source: 's', time, cascadeId: CASCADE, dataschema: given.dataschema, data: { n } };
    for (let copy = 0; copy < copies; copy += 1) await this.redis.xadd(streams[0]!, '*', ...Object.entries(toEntry(event)).flat());
    await this.read();
  }

  private async read(): Promise<void> {
    const reply = (await this.redis.xreadgroup('GROUP', SERVICE, `w${this.consumer}`, 'STREAMS', ...streams, '>', '>')) as [string, [string, string[]][]][] | null;
    for (const [stream, entries] of reply ?? []) for (const [id, flat] of entries) this.pending.push({ stream, id, event: fromEntry(given, id, fieldsOf(flat)) });
  }

  /** A new process under another name; the old one's objects live on as a zombie's. */
  private async crash(): Promise<void> {
    const { redis, runs } = this;
    this.retired.push(() => { runs.close(); redis.disconnect(); });
    this.redis = new Redis(this.url, { enableAutoPipelining: true });
    this.start();
    const before = this.pending;
    const claimed = await Promise.all(streams.map(async (stream) => ((await this.redis.xautoclaim(stream, SERVICE, `w${this.consumer}`, 0, '0-0', 'COUNT', 1_000)) as [string, [string, string[]][]])[1]
      .map(([id, flat]): Entry => ({ stream, id, event: fromEntry(given, id, fieldsOf(flat)) }))));
    const found = new Map(claimed.flat().map((entry) => [`${entry.stream} ${entry.id}`, entry]));
    this.pending = before.map((entry) => found.get(`${entry.stream} ${entry.id}`)!);
    demand(found.size === before.length && this.pending.every((entry) => entry !== undefined), 'every pending entry is delivered to the successor');
  }

  private async handle(command: Extract<Command, { at: number }>, entry: Entry, model: Model): Promise<void> {
    const { event } = entry;
    switch (command.do) {
      case 'step': return this.inRun(event, model, (run) => this.step(run, stepName(command.name), model));
      case 'stepTwiceAtOnce': return this.inRun(event, model, (run) => this.inRun(event, model, async (other) => void await Promise.all([run, other].map((one) => this.step(one, stepName(command.name), model)))));
      case 'hang': return this.hang(event, stepName(command.name), model);
      case 'effect': return this.inRun(event, model, async (run) => { await run.effect({ kind: 'agent', key: effectKey(command.name), undo: {} }, async () => resultOf(model.turn + 1)); });
      case 'ask': return this.ask(entry, questionName(event.data.n, command.name), model);
      case 'finish': return this.commit(entry, result(event), model);
      case 'finishTwiceAtOnce': return this.commitTwice(entry, result(event));
      case 'draw': return this.draw(entry, command.stale, model);
      case 'fail': return this.commit(entry, (await this.runs.failed(event, terminal('CASC_TEST', 'broken').toProblem()))!, model, 'failed');
      case 'complete': return this.commit(entry, { save: [this.cascades.completedWrite(CASCADE, summary)], publish: [publication(cascadeCompleted, { summary })] }, model);
    }
  }

  /** A run whose cascade has ended refuses all work by its signal. */
  private async inRun(event: CascadeEvent, model: Model, work: (run: Run) => Promise<void>): Promise<void> {
    const { run, close } = await this.runs.open(event, { stream: streams[0]!, id: '0-0', fields: {} }, new AbortController().signal);
    try {
      demand(run.signal.aborted === !isOpen(model), 'a run is aborted exactly when its cascade has ended');
      await work(run);
    } catch (error) {
      if (isOpen(model) || !isCascadeError(error) || error.kind !== 'cancelled') throw error;
    } finally {
      close();
    }
  }

  /** The lease of a worker that hangs lapses first, as it does by the clock; after the end nobody takes it over. */
  private async step(run: Run, name: string, model: Model): Promise<void> {
    if (isOpen(model) && model.hanging.some(({ step }) => step === name)) await this.redis.hdel(redisKeys.leases(CASCADE), name);
    const value = await run.step(name, async () => resultOf(model.turn + 1), { usage: () => usage });
    demand(value === (model.journal[name] ?? resultOf(model.turn + 1)), `a recorded step gives its recorded result, not ${value}`);
  }

  private async hang(event: CascadeEvent, name: string, model: Model): Promise<void> {
    if (!isOpen(model) || model.journal[name] !== undefined) return;
    if (model.hanging.some(({ step }) => step === name)) await this.redis.hdel(redisKeys.leases(CASCADE), name);
    const { run, close } = await this.runs.open(event, { stream: streams[0]!, id: '0-0', fields: {} }, new AbortController().signal);
    const begun = Promise.withResolvers<void>();
    const result_ = Promise.withResolvers<string>();
    const finished = run.step(name, () => (begun.resolve(), result_.promise), { usage: () => usage }).catch((error: unknown) => error).finally(close);
    await begun.promise;
    this.zombies.push({ run, finished, comeBack: () => result_.resolve(resultOf(model.turn + 1)) });
  }

  private async zombie(): Promise<void> {
    const zombie = this.zombies.shift();
    zombie?.comeBack();
    await zombie?.finished;
  }

  private async ask(entry: Entry, question: string, model: Model): Promise<void> {
    if (!isOpen(model)) return this.commit(entry, result(entry.event), model);
    await this.inRun(entry.event, model, async (run) => {
      try {
        const answer = await run.ask(question, `${question}?`);
        demand(answer === `answer to ${question}`, 'the answer is the person\'s');
        await this.commit(entry, result(entry.event), model);
      } catch (error) {
        if (!isCascadeError(error) || error.kind !== 'needs-input') throw error;
        await this.commit(entry, await this.runs.waiting(entry.event, { fields: toEntry(entry.event) }, error.toProblem()), model, `waiting/${error.message}`);
      }
    });
  }

  private async answer(question: string, model: Model): Promise<void> {
    const fits = isOpen(model) && model.parked[question] !== undefined;
    const refused = await this.cascades.answer(CASCADE, question, `answer to ${question}`).then(() => false, (error: unknown) => { if (isCascadeError(error) && error.kind === 'terminal') return true; throw error; });
    demand(refused !== fits || model.answered.includes(question), 'an answer is taken exactly when its question waits');
    await this.read();
  }

  private draw(entry: Entry, stale: boolean, model: Model): Promise<void> {
    const seen = stale ? 'another' : model.version === 0 ? '' : String(model.version);
    const outcome = { save: [{ key: GRAPH, fields: { version: String(model.version + 1) } }], publish: [publication(drawn, { n: entry.event.data.n })], expect: { key: GRAPH, field: 'version', value: seen } };
    return this.commit(entry, outcome, model, '', stale && isOpen(model) ? 'conflict' : undefined);
  }

  private async commit(entry: Entry, outcome: Outcome, model: Model, scope = '', expected = isOpen(model) ? 'committed' : 'fenced'): Promise<void> {
    const how = await this.committer.commit(this.job(entry, outcome, scope));
    demand(how === expected, `the outcome is ${expected}, not ${how}`);
    if (how !== 'conflict') this.pending.splice(this.pending.indexOf(entry), 1);
    demand(await this.committer.commit(this.job(entry, outcome, scope)) === (how === 'conflict' ? 'conflict' : 'dropped'), 'the same outcome again leaves no trace');
  }

  /** Two processes that both believe to hold the claim. */
  private async commitTwice(entry: Entry, outcome: Outcome): Promise<void> {
    const other = this.redis.duplicate();
    const results = await Promise.all([this.committer, Committer.on(other, new AbortController().signal)].map((one) => one.commit(this.job(entry, outcome))));
    demand(results.filter((one) => one === 'dropped').length === 1, `one of two commits wins: ${results.join(', ')}`);
    other.disconnect();
    this.pending.splice(this.pending.indexOf(entry), 1);
  }

  private job({ stream, id, event }: Entry, outcome: Outcome, scope = ''): Parameters<Committer['commit']>[0] {
    const expect: Expectation | undefined = outcome.expect;
    return { stream, group: SERVICE, id, fence: this.runs.fence(event), expect, writes: outcomeWrites(outcome, { cause: event, service: SERVICE, scope }) };
  }

  /** An end from outside stops every handler that is under way. */
  private async ended(how: string, model: Model): Promise<void> {
    demand(how === (isOpen(model) ? 'ended' : 'already-ended'), `the end is taken exactly once, not ${how}`);
    if (how === 'ended') await untilTrue(() => this.zombies.every(({ run }) => run.signal.aborted), 'every run of the ended cascade to abort', 30_000);
  }

  /** The deadline passes. */
  private async timeOut(model: Model): Promise<void> {
    await this.redis.zadd(redisKeys.deadlines, 'XX', 1, CASCADE);
    await this.ended(await this.cascades.timeOut(CASCADE, time), model);
  }

  private async cleanUp(): Promise<void> {
    const reply = (await this.redis.xreadgroup('GROUP', 'supervisor', 's', 'STREAMS', ...ends, ...ends.map(() => '>'))) as [string, [string, string[]][]][] | null;
    for (const [stream, entries] of reply ?? []) {
      for (const [id, flat] of entries) {
        const event = fromEntry(terminalEvents.find((definition) => redisKeys.stream(definition.type) === stream)! as EventDefinition, id, fieldsOf(flat));
        const outcome = { save: this.cascades.retentionWrites(CASCADE, Date.now()), publish: [publication(cascadeCleaned, { undone: 0, kept: 0 })] };
        await this.committer.commit({ stream, group: 'supervisor', id, writes: outcomeWrites(outcome, { cause: event, service: 'supervisor' }) });
      }
    }
  }
}

const result = ({ data }: EventOf<typeof given>): Outcome => ({ save: [{ key: `result-${data.n}`, fields: { n: String(data.n) } }], publish: [publication(done, { n: data.n })] });
