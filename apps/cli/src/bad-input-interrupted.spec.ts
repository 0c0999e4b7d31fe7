import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { failOnLeaks, redisCli, untilTrue } from '@cascade/testing';
import { brief, changedBy, internals, keyRefused, withWorkbench } from './testing/workbench.js';

failOnLeaks();

/** What was asked of the person reaches the team's next prompt. */
const question = 'Which code, and how much does it take off?';

describe('a cascade that is disturbed', () => {
  it.concurrent('is cancelled from another terminal', async () => {
    await withWorkbench({ answers: () => ({ kind: 'silence' }) }, async (bench) => {
      const run = bench.run();
      const id = await run.id();
      await bench.model.received(1);
      const changed = await changedBy(bench.repository.folder, async () => {
        const cancel = bench.start(['cancel', id, '--reason', 'Not now.']);
        expect([await cancel.ended, cancel.told]).toEqual([0, expect.stringContaining(`Cascade ${id} is cancelled.`)]);
        expect(await run.ended).toBe(5);
      });
      expect(changed).toEqual([]);
      expect(run.told).toMatch(/: cancelled\.[^]*Not now\. \(CASC_CANCELLED\)/);
      expect(run.told).not.toMatch(internals);
      expect(await bench.record(id)).toMatchObject({ state: 'cancelled' });
      const again = bench.start(['resume', id]);
      expect(await again.ended).toBe(5);
    });
  });

  it.concurrent('waits for an answer, and goes on with it', async () => {
    await withWorkbench({}, async (bench) => {
      bench.model.answer(brief([question]), keyRefused);
      const run = bench.run(['--clarifications', 'ask', '--no-wait']);
      expect(await changedBy(bench.repository.folder, () => run.ended)).toEqual([]);
      expect(await run.ended).toBe(6);
      const id = await run.id();
      expect(run.told).not.toMatch(internals);
      expect(run.told).toContain(question);
      const [, name = ''] = await run.said(/Answer: {2}cascade answer \S+ (\S+) "<your answer>"/);
      expect(run.told).toContain(`Go on:   cascade resume ${id}`);

      const early = bench.start(['resume', id, '--no-wait']);
      expect([await early.ended, early.told]).toEqual([6, expect.stringContaining(question)]);
      const wrong = bench.start(['answer', id, 'other', 'SAVE10']);
      expect([await wrong.ended, wrong.told]).toEqual([2, expect.stringMatching(/does not wait for an answer to "other"[^]*cascade status/)]);
      const answer = bench.start(['answer', id, name, 'SAVE10 takes 10 % off.']);
      expect([await answer.ended, answer.told]).toEqual([0, expect.stringContaining(`cascade resume ${id}`)]);

      const resumed = bench.start(['resume', id]);
      expect(await resumed.ended).toBe(3);
      expect(resumed.told).toContain('CASC_MODEL_UNAUTHORIZED');
      expect(bench.model.requests.length).toBe(2);
      expect(bench.model.requests[1]?.prompt).toContain('SAVE10 takes 10 % off.');
    });
  });

  it.concurrent('says how to answer, and goes on by itself when somebody has', async () => {
    await withWorkbench({}, async (bench) => {
      bench.model.answer(brief([question]), keyRefused);
      const run = bench.run(['--clarifications', 'ask']);
      const [, name = ''] = await run.said(/Answer: {2}cascade answer \S+ (\S+) "<your answer>"/);
      expect(run.told).toMatch(/waits for you \(deadline paused, 60 min left\)/);
      const answer = bench.start(['answer', await run.id(), name, 'SAVE10 takes 10 % off.']);
      expect(await answer.ended).toBe(0);
      expect(await run.ended).toBe(3);
      expect(run.told).toMatch(/\[person\] \S+: SAVE10 takes 10 % off\.[^]*CASC_MODEL_UNAUTHORIZED/);
      expect(bench.model.requests[1]?.prompt).toContain('SAVE10 takes 10 % off.');
    });
  }, 180_000);

  it.concurrent('goes on after kill -9, in the Redis that outlived it, and pays nothing again', async () => {
    await withWorkbench({}, async (bench) => {
      bench.model.answer(brief(), { kind: 'silence' }, keyRefused);
      const env = { REDIS_URL: '' };
      const run = bench.run([], bench.repository.folder, env);
      const id = await run.id();
      await bench.model.received(2);
      await run.kill('SIGKILL');
      const status = bench.start(['status', id], env);
      expect([await status.ended, status.told]).toEqual([0, expect.stringMatching(/cascade resume[^]*state +running/)]);

      const resumed = bench.start(['resume', id], env);
      expect(await changedBy(bench.repository.folder, () => resumed.ended)).toEqual([]);
      expect(await resumed.ended).toBe(3);
      expect(resumed.told).toMatch(/CASC_MODEL_UNAUTHORIZED[^]*Model: 1 call,/);
      expect(resumed.told).not.toMatch(internals);
      expect(bench.model.requests.map((request) => request.prompt === bench.model.requests[0]?.prompt)).toEqual([true, false, false]);
      const { port } = JSON.parse(readFileSync(path.join(bench.home, 'redis', 'server.json'), 'utf8')) as { port: number };
      const answers = (): Promise<boolean> => redisCli(`redis://127.0.0.1:${port}`, 'PING').then(() => true, () => false);
      await untilTrue(async () => !await answers(), 'the private Redis to end with its last user');
    });
  });

  it.concurrent('goes on when Redis was away for a while', async () => {
    const held = Promise.withResolvers<void>();
    await withWorkbench({ persistent: true }, async (bench) => {
      bench.model.answer(async () => { await held.promise; return brief(); }, keyRefused);
      const run = bench.run();
      await bench.model.received(1);
      await bench.redis.kill();
      await run.said(/Redis does not answer; waiting for it/);
      held.resolve();
      await bench.redis.restart();
      await run.said(/Redis is back/);
      expect(await run.ended).toBe(3);
      expect(run.told).toMatch(/round 1, coordinator[^]*CASC_MODEL_UNAUTHORIZED[^]*Model: 1 call,/);
      expect(run.told).not.toMatch(internals);
      expect(bench.model.requests.length).toBe(2);
    });
  });
});
