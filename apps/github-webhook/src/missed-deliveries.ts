import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { Logger } from '@nestjs/common';
import { asCascadeError, redisKeys } from '@cascade/contracts';
import { appDeliveries, catchUp, repositoryDeliveries, repositoryNamed, type DeliveryLog, type GitHubAccess } from '@cascade/github';
import { Leases, type Lease } from '@cascade/state';
import { PeriodicTask } from '@cascade/streams';
import type { Redis } from 'ioredis';

/** How often one delivery is asked for again, and how long that is remembered: GitHub forgets deliveries after three days. */
export const MAX_TRIES = 5;
const TRIES_KEPT_MS = 4 * 24 * 3_600_000;
/** Hooks that are looked at in one turn. */
const MAX_HOOKS = 1_000;

interface Options {
  readonly redis: Redis;
  readonly access: GitHubAccess;
  /** Between two looks. */
  readonly everyMs: number;
}

/**
 * Asks GitHub for deliveries that failed while this service, or Redis, was away, and has them sent again. Of several
 * processes one looks at a time: it holds a lease from one look to the next, so that there is one look in that time.
 */
export class MissedDeliveries {
  readonly #logger = new Logger('github-webhook');
  readonly #stopping = new AbortController();
  readonly #holder = `${hostname()}-${process.pid}-${randomUUID()}`;
  readonly #task: PeriodicTask;
  #lease: Lease | undefined;
  #look: Promise<void> = Promise.resolve();

  constructor(private readonly options: Options) {
    const look = (): Promise<number> => {
      const looking = this.look();
      this.#look = looking.catch(() => undefined);
      return looking.then(() => options.everyMs);
    };
    this.#task = new PeriodicTask(look, (error) => this.#warn('missed deliveries cannot be looked for', error), options.everyMs);
  }

  start(): void {
    this.#task.start();
  }

  /** Ends a look that is under way, and lets another process look at once. */
  async stop(): Promise<void> {
    this.#task.stop();
    this.#stopping.abort();
    if (this.options.redis.status !== 'ready') return; // the lease runs out by itself
    await this.#look;
    await this.#lease?.release().catch(() => undefined);
  }

  /** One look at every hook, unless another process has this turn. Throws what Redis throws; trouble with a hook is logged. */
  async look(): Promise<void> {
    const { redis, everyMs, access } = this.options;
    this.#lease = await new Leases(redis).acquire('github-catch-up', this.#holder, everyMs);
    if (this.#lease === undefined) return;
    for (const [name, open] of await this.#logs(access)) {
      if (this.#stopping.signal.aborted || !await this.#lease.renew()) return;
      await this.#lookAt(name, open).catch((error: unknown) => this.#warn(`missed deliveries of ${name} cannot be looked for`, error));
    }
  }

  /** By name: a repository's is `owner/name`, the App's own has no slash. */
  async #logs(access: GitHubAccess): Promise<[name: string, open: () => Promise<DeliveryLog>][]> {
    const hooks = Object.entries(await this.options.redis.hgetall(redisKeys.githubHooks)).slice(0, MAX_HOOKS);
    const own = access.asApp;
    return [
      ...(own === undefined ? [] : [['app', async () => appDeliveries(own)] satisfies [string, () => Promise<DeliveryLog>]]),
      ...hooks.flatMap(([name, id]): [string, () => Promise<DeliveryLog>][] => {
        const repository = repositoryNamed(name);
        return repository === undefined ? [] : [[name, async () => repositoryDeliveries(await access.clientFor(repository, 'hooks'), repository, Number(id))]];
      }),
    ];
  }

  async #lookAt(name: string, open: () => Promise<DeliveryLog>): Promise<void> {
    const { redis } = this.options;
    const since = Number(await redis.hget(redisKeys.githubCaughtUp, name) ?? 0);
    const found = await catchUp(await open(), { since, signal: this.#stopping.signal, mayTry: (guid) => this.#mayTry(guid) });
    await redis.hset(redisKeys.githubCaughtUp, name, found.since);
    if (found.redelivered > 0) this.#logger.log(`${name}: ${found.redelivered} deliveries failed and are asked for again`);
    if (found.givenUp > 0) this.#logger.warn(`${name}: ${found.givenUp} deliveries failed more than ${MAX_TRIES} times and are given up; the sweep of github-sync finds what they told`);
    if (found.isCut) this.#logger.warn(`${name}: the log of deliveries is too long to be read whole; older failures are not asked for again`);
  }

  async #mayTry(guid: string): Promise<boolean> {
    await this.#lease?.renew(); // a look may take long: GitHub has limits
    const key = redisKeys.githubRedeliveries(guid);
    const tries = await this.options.redis.incr(key);
    await this.options.redis.pexpire(key, TRIES_KEPT_MS);
    return tries <= MAX_TRIES;
  }

  #warn(what: string, thrown: unknown): void {
    const { code, message } = asCascadeError(thrown);
    if (!this.#stopping.signal.aborted) this.#logger.warn(`${what}: ${message} (${code})`);
  }
}
