import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { redisKeys } from '@cascade/contracts';
import type { SeededRandom } from '@cascade/testing';
import { LEADER } from '../queue/matter-queue.js';
import { bundledProcess, compileCache } from './bundled-process.js';
import type { SyncWorld } from './sync-world.js';

/** Where the first life ends: amid the creations. */
const EARLY = 7;

/**
 * github-sync as one process after the other: each dies by SIGKILL after some of its instructions with an effect, until it
 * is left in peace. The next one has been loaded by then, so that nobody waits for Node.
 */
export class RestlessSync {
  deaths = 0;
  private life: ChildProcess | undefined;
  private next: ChildProcess | undefined;
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
    this.next?.kill('SIGKILL');
  }

  private async run(): Promise<void> {
    const program = await bundledProcess();
    while (!this.isEnding) {
      const life = this.next ?? this.load(program);
      const gone = once(life, 'exit');
      this.life = life;
      this.next = this.load(program);
      if (this.isEnding) life.kill('SIGKILL');
      else life.stdin?.end(String(this.isInPeace ? 0 : this.deaths === 0 ? EARLY : 20 + this.random.below(300)));
      await gone;
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

  /** A process that begins when it is told how long it has. */
  private load(program: string): ChildProcess {
    const life = spawn(process.execPath, ['--no-warnings', program], {
      env: { ...this.world.env, PATH: process.env['PATH'], NODE_COMPILE_CACHE: compileCache, REDIS_URL: this.world.server.url, CASCADE_CLAIM_IDLE_MS: '100', CASCADE_MAX_DELIVERIES: '1000', SYNC_DIE_AFTER: 'told' },
      stdio: ['pipe', 'inherit', 'inherit'],
    });
    life.stdin?.on('error', () => undefined); // it was killed before it began
    return life;
  }
}
