import { readdirSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { redisKeys } from '@cascade/contracts';
import { FileStore } from '@cascade/streams';
import { removeTemporaryFolders, startTestRedis, temporaryFolder } from '@cascade/testing';
import { Redis } from 'ioredis';
import { MAX_INLINE_BYTES, MAX_RESULT_BYTES, StepResults } from './step-results.js';
import { openJournal } from './testing/open-journal.js';

let server: Awaited<ReturnType<typeof startTestRedis>>;
let redis: Redis;
let folder: string;

beforeAll(async () => {
  server = await startTestRedis();
  redis = new Redis(server.url);
});
beforeEach(async () => {
  await redis.flushall();
  folder = temporaryFolder('store');
});
afterAll(async () => {
  redis.disconnect();
  await server.stop();
  removeTemporaryFolders();
});

/** One process's view of the store. */
const store = (): FileStore => new FileStore({ folder });
const step = (fn: () => Promise<unknown>): Promise<unknown> => openJournal(redis, { store: store() }).step('s', fn as () => Promise<object>);
const never = async (): Promise<never> => { throw new RangeError('ran again'); };
const files = (): string[] => readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)).filter((name) => statSync(name).isFile());
/** Not ASCII: its bytes are more than its characters. */
const large = { text: 'é'.repeat(MAX_INLINE_BYTES) };

describe('the result of a step', () => {
  it('stays in the journal up to its bound in bytes', async () => {
    const text = 'x'.repeat(MAX_INLINE_BYTES - JSON.stringify({ value: '' }).length);
    await step(async () => text);
    expect([files(), await step(never)]).toEqual([[], text]);
    await expect(new StepResults().encode('s', `${text}x`)).rejects.toMatchObject({ code: 'CASC_STEP_RESULT_TOO_LARGE', kind: 'terminal' });
  });

  it('above it lies in the store, and every other process gets it from there', async () => {
    expect(await step(async () => large)).toEqual(large);
    expect([(await redis.hget(redisKeys.journal('c1'), 's'))!.length < 200, files().length]).toEqual([true, 1]);
    expect(await step(never)).toEqual(large);
  });

  it.each([['missing', ''], ['damaged', 'cut']])('that is %s in the store ends the cascade by name', async (_what, cut) => {
    await step(async () => large);
    truncateSync(files()[0]!, cut.length);
    await expect(step(never)).rejects.toMatchObject({ code: 'CASC_STEP_RESULT_LOST', kind: 'terminal', message: expect.stringContaining('s (') });
  });

  it('has a bound', async () => {
    await expect(step(async () => 'x'.repeat(MAX_RESULT_BYTES))).rejects.toMatchObject({ code: 'CASC_STEP_RESULT_TOO_LARGE' });
    expect([files(), await redis.exists(redisKeys.journal('c1'))]).toEqual([[], 0]);
  });
});
