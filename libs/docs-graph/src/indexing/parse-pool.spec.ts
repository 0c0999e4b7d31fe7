import { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it } from '@jest/globals';
import { factBounds } from '../facts/bounds.js';
import { type FileRead, type FileToRead, parseBounds, ParsePool, type ParsePoolOptions } from './parse-pool.js';

/** Speaks as the worker does; its files say what happens to them. */
const actor = (): Worker => new Worker(`
  const { parentPort } = require('node:worker_threads');
  parentPort.on('message', ({ path, bytes }) => {
    const text = Buffer.from(bytes).toString();
    if (text === 'hang') for (;;);
    if (text === 'crash') throw new RangeError('the parser is lost');
    if (text === 'exit') process.exit(3);
    const answer = () => parentPort.postMessage({ json: JSON.stringify({ status: 'skipped', path, reason: 'unsupported' }) });
    if (text === 'late') setImmediate(answer);
    else answer();
  });
  parentPort.postMessage('ready');
`, { eval: true });

async function all(pool: ParsePool, files: readonly FileToRead[]): Promise<FileRead[]> {
  const found: FileRead[] = [];
  for await (const one of pool.read(files)) found.push(one);
  return found;
}

const file = (path: string, text = ''): FileToRead => ({ path, blob: `blob of ${path}`, bytes: Buffer.from(text) });

describe('ParsePool', () => {
  const pools: ParsePool[] = [];
  afterEach(() => Promise.all(pools.splice(0).map((pool) => pool.close())));
  const open = (options?: ParsePoolOptions): ParsePool => {
    const pool = new ParsePool(options);
    pools.push(pool);
    return pool;
  };

  it('reads files in threads of its own, in their order, as a reader does', async () => {
    const found = await all(open(), [file('a.ts', 'export function a() {}'), file('b.py', 'def b(): pass'), file('c.bin'), file('d.go', 'x'.repeat(factBounds.fileBytes + 9))]);
    expect(found.map(({ path, blob, facts }) => [path, blob, facts.status === 'source' ? facts.functions.map(({ key }) => key) : facts.status === 'skipped' ? facts.reason : ''])).toEqual([
      ['a.ts', 'blob of a.ts', ['a']], ['b.py', 'blob of b.py', ['b']], ['c.bin', 'blob of c.bin', 'unsupported'], ['d.go', 'blob of d.go', 'too-large'],
    ]);
    expect(found.map(({ json, facts }) => json === JSON.stringify(facts))).toEqual([true, true, true, true]);
  });

  it('gives up what hangs or takes the thread down, and nothing else, whatever answers go down with it', async () => {
    const files = Array.from({ length: 60 }, (_, number) => file(`${number}.ts`, ({ 3: 'hang', 16: 'late', 17: 'crash', 18: 'exit', 58: 'late', 59: 'crash' } as Record<number, string>)[number]));
    const found = await all(open({ entry: actor, fileMs: 1_500, workers: 1 }), files);
    expect(found.map(({ path }) => path)).toEqual(files.map(({ path }) => path));
    expect(found.filter(({ facts }) => facts.status === 'skipped' && facts.reason === 'too-complex').map(({ path, json }) => [path, json])).toEqual([['3.ts', undefined], ['17.ts', undefined], ['18.ts', undefined], ['59.ts', undefined]]);
  });

  it('takes no more files than it may hold, by number and by size', async () => {
    let taken = 0;
    const endless = (bytes: number): Iterable<FileToRead> => ({ *[Symbol.iterator]() { for (;;) yield { ...file(`${taken += 1}.ts`), bytes: Buffer.alloc(bytes) }; } });
    const small = open({ entry: actor }).read(endless(1));
    await small.next();
    expect(taken).toBe(parseBounds.filesAhead);
    await small.return();
    taken = 0;
    await open({ entry: actor }).read(endless(parseBounds.bytesAhead / 4)).next();
    expect(taken).toBe(5);
  });

  it('ends when it is told to, while a file is being read', async () => {
    const stop = new AbortController();
    const reading = open({ entry: actor, workers: 1 }).read([file('a.ts'), file('b.ts', 'hang'), file('c.ts')], stop.signal);
    expect(await reading.next()).toMatchObject({ value: { path: 'a.ts' } });
    const next = reading.next();
    stop.abort();
    await expect(next).rejects.toMatchObject({ code: 'CASC_CANCELLED', kind: 'cancelled' });
    await expect(open({ entry: actor }).read([file('a.ts')], AbortSignal.abort()).next()).rejects.toMatchObject({ code: 'CASC_CANCELLED' });
  });

  it('serves several callers, also after one of them has left', async () => {
    const shared = open({ entry: actor, workers: 1 });
    const left = shared.read(Array.from({ length: 50 }, (_, number) => file(`${number}.ts`)));
    await left.next();
    await left.return();
    expect(await Promise.all(['a.ts', 'b.ts'].map(async (path) => (await all(shared, [file(path)])).length))).toEqual([1, 1]);
  });

  it('says so when no thread can be started', async () => {
    const broken = open({ entry: () => new Worker('throw new TypeError("no grammar")', { eval: true }) });
    await expect(broken.read([file('a.ts')]).next()).rejects.toMatchObject({ code: 'CASC_PARSER_UNUSABLE', kind: 'terminal', message: expect.stringContaining('no grammar') });
  });
});
