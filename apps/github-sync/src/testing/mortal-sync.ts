import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { redisKeys } from '@cascade/contracts';
import { LEADER } from '../queue/matter-queue.js';
import { bundledProcess, compileCache } from './bundled-process.js';
import type { SyncWorld } from './sync-world.js';

/** More deaths than there are instructions: somebody dies at the same one again and again. */
const MAX_LIVES = 150;
/** One life of the service after the other, each ending at an instruction that none before it died at. */
export class MortalSync {
  private readonly report: string;
  private life: ChildProcess | undefined;
  private lives = 0;

  constructor(private readonly world: SyncWorld, folder: string) {
    this.report = join(folder, 'died-at');
  }

  /** Where it died so far. */
  get diedAt(): string[] {
    return existsSync(this.report) ? readFileSync(this.report, 'utf8').split('\n').filter((line) => line !== '') : [];
  }

  /** Lives on until everything is quiet, however often it dies meanwhile. */
  async untilQuiet(): Promise<void> {
    for (;;) {
      const life = this.life ??= this.spawn(await bundledProcess());
      const died = once(life, 'exit').then(() => true);
      const rested = this.world.quiet(() => life.exitCode === null && life.signalCode === null).then(() => false);
      if (!await Promise.race([died, rested])) return;
      await rested;
      this.life = undefined;
      await this.world.redis.hset(redisKeys.lease(LEADER), 'until', 1); // as if its time were over
    }
  }

  async stop(): Promise<void> {
    if (this.life === undefined || this.life.exitCode !== null || this.life.signalCode !== null) return;
    const gone = once(this.life, 'exit');
    this.life.kill('SIGKILL');
    await gone;
  }

  private spawn(program: string): ChildProcess {
    this.lives += 1;
    if (this.lives > MAX_LIVES) throw new RangeError(`it died ${MAX_LIVES} times`);
    return spawn(process.execPath, ['--no-warnings', program], {
      env: { ...this.world.env, PATH: process.env['PATH'], NODE_COMPILE_CACHE: compileCache, REDIS_URL: this.world.server.url, CASCADE_CLAIM_IDLE_MS: '100', CASCADE_MAX_DELIVERIES: '1000', SYNC_DIED_AT: JSON.stringify(this.diedAt), SYNC_REPORT: this.report },
      stdio: ['ignore', 'inherit', 'inherit'],
    });
  }
}
