import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { redisKeys } from '@cascade/contracts';
import { Cascades } from '@cascade/state';
import { untilTrue } from '@cascade/testing';
import { cascadeEvents } from './events/cascade-events.js';
import { CascadeWatches } from './events/cascade-watches.js';
import { ApiBench } from './testing/api-bench.js';
import { contractProblems } from './testing/contract-check.js';

let bench: ApiBench;
beforeAll(async () => { bench = await ApiBench.start({ streams: 8 }); });
afterAll(async () => { await bench?.stop(); });

interface SentEvent { readonly id: string | undefined; readonly event: string; readonly data: Record<string, unknown> }

/** An event stream as a browser reads it. */
class Stream {
  readonly events: SentEvent[] = [];
  text = '';
  ended = false;
  readonly done: Promise<void>;
  private readonly abort = new AbortController();

  private constructor(readonly response: Response) {
    this.done = this.read().catch(() => undefined).finally(() => { this.ended = true; });
  }

  static async open(id: string | undefined, { after, on = bench, scope = 'read' }: { readonly after?: string | undefined; readonly on?: ApiBench; readonly scope?: 'read' | 'run' | 'admin' } = {}): Promise<Stream> {
    const abort = new AbortController();
    const stream = new Stream(await on.ask('GET', id === undefined ? '/v1/events' : `/v1/cascades/${id}/events`, { scope, signal: abort.signal, headers: after === undefined ? {} : { 'last-event-id': after } }));
    stream.abort.signal.addEventListener('abort', () => abort.abort());
    return stream;
  }

  of(event: string): SentEvent[] {
    return this.events.filter((one) => one.event === event);
  }

  texts(): unknown[] {
    return this.of('progress').map(({ data }) => (data['line'] as { text: string }).text);
  }

  close(): void {
    this.abort.abort();
  }

  private async read(): Promise<void> {
    for await (const chunk of this.response.body!.pipeThrough(new TextDecoderStream())) {
      this.text += chunk;
      const blocks = this.text.split('\n\n').slice(0, -1);
      const parsed = blocks.map((block) => Object.fromEntries(block.split('\n').filter((line) => !line.startsWith(':')).map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]))).filter((fields) => fields['event'] !== undefined);
      this.events.splice(0, this.events.length, ...parsed.map((fields) => ({ id: fields['id'], event: fields['event']!, data: JSON.parse(fields['data']!) as Record<string, unknown> })));
    }
  }
}

const say = (id: string, text: string): Promise<unknown> => bench.redis.xadd(redisKeys.timeline(id), '*', 'at', new Date().toISOString(), 'service', 'agent-00-stories', 'line', JSON.stringify({ kind: 'tier', text }));

describe('an event stream', () => {
  it('tells all from the beginning, what comes next, and ends with the cascade', async () => {
    await bench.accept('told');
    await say('told', 'one');
    const stream = await Stream.open('told');
    expect(stream.response.headers.get('content-type')).toBe('text/event-stream');
    expect(stream.response.headers.get('x-content-type-options')).toBe('nosniff');
    await untilTrue(() => stream.texts().includes('one'), 'what was there');
    expect(stream.events[0]).toMatchObject({ event: 'state', data: { id: 'told', state: 'running' } });
    await say('told', 'two');
    await untilTrue(() => stream.texts().includes('two'), 'what is new');
    await bench.redis.hset(redisKeys.cascade('told'), 'tier', '2');
    await untilTrue(() => stream.of('state').length === 2, 'the change of the record');
    await say('told', 'three');
    await new Cascades(bench.redis).cancel('told', 'enough');
    await stream.done;
    expect(stream.texts()).toEqual(['one', 'two', 'three']);
    expect(stream.events.at(-1)).toMatchObject({ id: 'end', event: 'end', data: { state: 'cancelled', problem: { message: 'enough' } } });
    expect(stream.of('progress').map(({ id }) => id)).toEqual((await bench.redis.xrange(redisKeys.timeline('told'), '-', '+')).map(([id]) => id));
  });

  it('goes on after the event that was received last, without a gap or a repetition, wherever it broke', async () => {
    const all = (await Stream.open('told'));
    await all.done;
    const ids = all.of('progress').map(({ id }) => id);
    for (const [index, after] of ids.entries()) {
      const rest = await Stream.open('told', { after });
      await rest.done;
      expect(rest.of('progress').map(({ id }) => id)).toEqual(ids.slice(index + 1));
      expect(rest.events.at(-1)?.event).toBe('end');
    }
    const over = await bench.ask('GET', '/v1/cascades/told/events', { headers: { 'last-event-id': 'end' } });
    expect(await contractProblems('GET', '/v1/cascades/told/events', over)).toEqual([]);
    expect(over.status).toBe(204);
  });

  it('of an unknown cascade, or after what is no id, is none', async () => {
    const [unknown, wrong] = [await bench.ask('GET', '/v1/cascades/nobody/events'), await bench.ask('GET', '/v1/cascades/told/events', { headers: { 'last-event-id': '0 STREAMS x 0' } })];
    expect([unknown.status, wrong.status]).toEqual([404, 400]);
    expect([...await contractProblems('GET', '/v1/cascades/nobody/events', unknown), ...await contractProblems('GET', '/v1/cascades/told/events', wrong)]).toEqual([]);
  });

  it('keeps a bound of streams, and of one client\'s, and gives places back', async () => {
    await bench.accept('crowded');
    const mine = [await Stream.open('crowded'), await Stream.open('crowded')];
    const third = await bench.ask('GET', '/v1/cascades/crowded/events', { scope: 'read' });
    expect([third.status, await contractProblems('GET', '/v1/cascades/crowded/events', third)]).toEqual([503, []]);
    const theirs = [await Stream.open('crowded', { scope: 'run' }), await Stream.open('crowded', { scope: 'run' })];
    mine[0]!.close();
    await untilTrue(async () => {
      const again = await Stream.open('crowded');
      again.close();
      return again.response.status === 200;
    }, 'the place to be free');
    for (const stream of [...mine, ...theirs]) stream.close();
    await new Cascades(bench.redis).cancel('crowded', 'x');
  });

  it('drops nothing for a slow reader, and reads nothing ahead for it', async () => {
    await bench.accept('long');
    const lines = 3_000;
    const pipeline = bench.redis.pipeline();
    for (let index = 0; index < lines; index += 1) pipeline.xadd(redisKeys.timeline('long'), '*', 'at', '2026-01-01T00:00:00Z', 'service', 's', 'line', JSON.stringify({ kind: 'tier', text: `${index} ${'x'.repeat(1_900)}` }));
    await pipeline.exec();
    await new Cascades(bench.redis).cancel('long', 'x');
    const socket = connect(bench.api.port, '127.0.0.1');
    socket.write(`GET /v1/cascades/long/events HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${bench.token('read')}\r\n\r\n`);
    await new Promise<void>((resolve) => { socket.once('readable', resolve); });
    // Nothing is read here; the kernel's buffers fill up, and the stream waits.
    await bench.ask('GET', '/live', { scope: 'none' });
    let count = 0;
    let left = '';
    socket.setEncoding('utf8').on('data', (text: string) => {
      const parts = (left + text).split('event: progress');
      count += parts.length - 1;
      left = parts.at(-1)!.slice(-20);
      if (text.includes('event: end')) socket.end();
    });
    await untilTrue(() => count >= lines, 'all lines to come');
    socket.destroy();
    expect(count).toBe(lines);
  });
});

it('tells of all cascades and streams at first, then of what changes', async () => {
  await bench.accept('seen', {}, Date.now() + 1_000);
  const stream = await Stream.open(undefined);
  await untilTrue(() => stream.of('streams').length === 1, 'the first look');
  const first = stream.of('cascade').map(({ data }) => data['id']);
  expect([first.length, first.at(-1)]).toEqual([await bench.redis.zcard(redisKeys.cascades), 'seen']);
  await new Cascades(bench.redis).cancel('seen', 'enough');
  await untilTrue(() => stream.of('cascade').length === first.length + 1, 'the change');
  expect(stream.of('cascade').at(-1)!.data).toMatchObject({ id: 'seen', state: 'cancelled' });
  await bench.redis.xgroup('CREATE', 'stream:story.verified', 'reader', '0', 'MKSTREAM');
  await untilTrue(() => JSON.stringify(stream.of('streams').at(-1)).includes('"reader"'), 'the new group');
  stream.close();
});

it('says that it lives while nothing happens', async () => {
  await bench.accept('quiet');
  const watches = new CascadeWatches();
  const watch = await watches.take(bench.redis, await new Cascades(bench.redis).require('quiet'));
  const abort = new AbortController();
  const comments: string[] = [];
  for await (const text of cascadeEvents(watch, '0', { left: abort.signal, draining: new AbortController().signal }, 20)) {
    if (text.startsWith(':')) comments.push(text);
    if (comments.length === 2) abort.abort();
  }
  expect(comments).toEqual([': still here\n\n', ': still here\n\n']);
  watches.release(watch);
});

it('ends its streams, and says so to probes, when it stops; what is under way is answered', async () => {
  const other = await ApiBench.start();
  try {
    await other.accept('open');
    const stream = await Stream.open('open', { on: other });
    await untilTrue(() => stream.of('state').length === 1, 'the stream to begin');
    await other.api.stop();
    await stream.done;
    expect(stream.text).toMatch(/^retry: 2000\n\n[^]*\n\nretry: \d{4}\n\n$/);
    expect(stream.of('end')).toEqual([]);
    await expect(other.ask('GET', '/live')).rejects.toThrow('fetch failed');
  } finally {
    await other.stop();
  }
});
