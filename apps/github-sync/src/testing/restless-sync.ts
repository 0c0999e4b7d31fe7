import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { redisKeys } from '@cascade/contracts';
import type { SeededRandom } from '@cascade/testing';
import { LEADER } from '../queue/matter-queue.js';
import type { SyncWorld } from './sync-world.js';

/** The built code: it starts in a fraction of the time. */
const program = fileURLToPath(new URL('../../dist/testing/sync-process.js', import.meta.url));

/** Where the first life ends: amid the creations. */
const EARLY = 7;

/** github-sync as one process after the other: each dies by SIGKILL after some of its instructions with an effect, until it is left in peace. */
export class RestlessSync {
  deaths = 0;
  private life: ChildProcess | undefined;
  private isEnding = false;
  private isInPeace = false;
  private running: Promise<void> | undefined;

  constructor(private readonly world: SyncWorld, private readonly random: SeededRandom) {}

  start(): void {
    this.running = this.run();
  }

  /** From now on no life of it is cut short. */
  async peace(): Promise<void> {
    this.isInPeace = true;
    await this.kill();
  }

  async stop(): Promise<void> {
    this.isEnding = true;
    await this.kill();
    await this.running;
  }

  private async run(): Promise<void> {
    while (!this.isEnding) {
      const life = this.spawn(this.isInPeace ? 0 : this.deaths === 0 ? EARLY : 10 + this.random.below(80));
      this.life = life;
      if (this.isEnding) life.kill('SIGKILL');
      await once(life, 'exit');
      this.deaths += 1;
      await this.world.redis.hset(redisKeys.lease(LEADER), 'until', 1); // as if its time were over
    }
  }

  private async kill(): Promise<void> {
    const { life } = this;
    if (life === undefined || life.exitCode !== null || life.signalCode !== null) return;
    const gone = once(life, 'exit');
    life.kill('SIGKILL');
    await gone;
  }

  private spawn(dieAfter: number): ChildProcess {
    return spawn(process.execPath, ['--no-warnings', program], {
      env: { ...this.world.env, PATH: process.env['PATH'], REDIS_URL: this.world.server.url, CASCADE_CLAIM_IDLE_MS: '100', CASCADE_MAX_DELIVERIES: '1000', SYNC_DIE_AFTER: String(dieAfter) },
      stdio: ['ignore', 'inherit', 'inherit'],
    });
  }
}
