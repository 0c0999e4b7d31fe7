import { describe, expect, it } from '@jest/globals';
import { catchUp, failedOnes, MAX_PAGES, MAX_REDELIVERIES } from './catch-up.js';
import type { DeliveryLog, HookDelivery } from './hook-deliveries.js';

const { signal } = new AbortController();
const attempt = (id: number, guid: string, isDelivered: boolean, event = 'issues'): HookDelivery => ({ id, guid, at: id * 1_000, event, isDelivered });
const always = async (): Promise<boolean> => true;

/** A log of these attempts, oldest first here, ten to a page; what is asked for again is noted. */
function logOf(attempts: readonly HookDelivery[]): DeliveryLog & { readonly asked: number[]; pages: number } {
  const newestFirst = attempts.toReversed();
  const log = {
    asked: [] as number[], pages: 0,
    page: async (cursor: string | undefined) => {
      log.pages += 1;
      const from = Number(cursor ?? 0);
      return { deliveries: newestFirst.slice(from, from + 10), cursor: from + 10 < newestFirst.length ? String(from + 10) : undefined };
    },
    redeliver: async (id: number) => void log.asked.push(id),
  };
  return log;
}

describe('catching up with failed deliveries', () => {
  it('asks for each that no attempt delivered, by its last attempt, oldest first', () => {
    const attempts = [attempt(1, 'a', false), attempt(2, 'b', true), attempt(3, 'c', false), attempt(4, 'a', true), attempt(5, 'd', false), attempt(6, 'c', false), attempt(7, 'e', false, 'ping')];
    expect(failedOnes(attempts.toReversed()).map(({ id }) => id)).toEqual([5, 6]);
  });

  it('asks for so many at once, and for the rest at the next look', async () => {
    const attempts = Array.from({ length: MAX_REDELIVERIES + 5 }, (_, id) => attempt(id + 1, `d-${id}`, false));
    const first = logOf(attempts);
    const { since, redelivered } = await catchUp(first, { since: 0, mayTry: always, signal });
    expect([redelivered, first.asked.at(-1), since]).toEqual([MAX_REDELIVERIES, MAX_REDELIVERIES, (MAX_REDELIVERIES + 1) * 1_000]);
    const second = logOf([...attempts, ...first.asked.map((id) => attempt(1_000 + id, `d-${id - 1}`, true))]);
    await catchUp(second, { since, mayTry: always, signal });
    expect(second.asked).toEqual([101, 102, 103, 104, 105]);
  });

  it('reads no further back than where it was, with a little overlap', async () => {
    const attempts = Array.from({ length: 300 }, (_, id) => attempt(id + 1, `d-${id}`, true));
    const log = logOf(attempts);
    expect(await catchUp(log, { since: 285_000, mayTry: always, signal })).toEqual({ since: 180_000, redelivered: 0, givenUp: 0, isCut: false });
    expect(log.pages).toBe(2);
    expect((await catchUp(logOf([]), { since: 7, mayTry: always, signal })).since).toBe(7);
  });

  it('says that the log was longer than what it reads', async () => {
    const log = logOf(Array.from({ length: 10 * MAX_PAGES + 1 }, (_, id) => attempt(id + 1, `d-${id}`, id > 0)));
    expect(await catchUp(log, { since: 0, mayTry: always, signal })).toMatchObject({ isCut: true, redelivered: 0 });
    expect(log.pages).toBe(MAX_PAGES);
  });

  it('gives up what was tried often enough, and goes on with the others', async () => {
    const log = logOf([attempt(1, 'hopeless', false), attempt(2, 'new', false)]);
    expect(await catchUp(log, { since: 0, mayTry: async (guid) => guid !== 'hopeless', signal })).toMatchObject({ redelivered: 1, givenUp: 1 });
    expect(log.asked).toEqual([2]);
  });
});
