import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { failOnLeaks, SeededRandom } from '@cascade/testing';
import { faultsOf } from './testing/history-faults.js';
import { runHistories } from './testing/service-histories.js';
import { REPOSITORY, SyncWorld } from './testing/sync-world.js';

const total = Number(process.env['CASCADE_HISTORIES'] ?? 4);
const seed = Number(process.env['CASCADE_SEED'] ?? 20_261_127);
/** Histories that one service goes through at once. */
const AT_ONCE = 20;
/** On average, in each of them. */
const ACTIONS = 15;

let world: SyncWorld;
beforeAll(async () => { world = await SyncWorld.open(); });
afterAll(async () => { await world.close(); });
failOnLeaks();

describe('both sides of work items, with the service killed at any instruction', () => {
  for (let first = 0; first < total; first += AT_ONCE) {
    const count = Math.min(AT_ONCE, total - first);
    it(`are equal after any history, and nothing that a person wrote, changed or commanded is lost or done twice (${count} histories, seed ${seed + first})`, async () => {
      await world.reset();
      const { histories, deaths } = await runHistories(world, new SeededRandom(seed + first), count, ACTIONS);
      const broken = (await Promise.all(histories.map((history) => faultsOf(world, history)))).flat();
      const written = (operation: string): number => world.github.journal.writes({ operation }).length;
      const writes = ['update', 'add-labels', 'remove-label', 'add-assignees', 'remove-assignees'].reduce((sum, name) => sum + written(`issues/${name}`), 0);
      const items = histories.flatMap((history) => history.items);
      const changes = items.reduce((sum, { changes: here, person }) => sum + here + person.changes, 0);
      const commands = histories.reduce((sum, { talk }) => sum + talk.said.length, 0);
      console.info(JSON.stringify({ histories: count, seed: seed + first, items: items.length, changes, comments: commands, deaths, writes, replies: written('issues/create-comment'), requests: world.github.journal.entries().length, broken }));
      expect(broken).toEqual([]);
      expect(await world.redis.hgetall('github:parked')).toEqual({});
      expect(world.github.look(REPOSITORY).length).toBeLessThanOrEqual(items.length + histories.filter(({ request }) => request !== undefined).length);
      expect(writes).toBeLessThanOrEqual(2 * changes + deaths);
      expect(deaths).toBeGreaterThan(1);
    }, 600_000);
  }
});
