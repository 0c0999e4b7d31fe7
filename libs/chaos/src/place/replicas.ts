import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '@cascade/local-runtime';
import type { Deployment } from './deployment.js';
import type { ServiceCommand } from './service-process.js';

/** At most one process of it may run, see docs/deploy.md. */
const ALONE: readonly string[] = ['git-worker'];
const READY_WITHIN_MS = 60_000;
const LOOK_AGAIN_MS = 50;

/** Processes that run a service, replaced and multiplied as an orchestrator does it. At first there is none. */
export class Replicas {
  /** Names of those that run now, the oldest first. */
  readonly #names: string[] = [];
  #started = 0;

  constructor(private readonly deployment: Deployment, readonly service: ServiceCommand) {}

  /** A new version takes the place of each: beside the old one until it is ready, or after it where only one may run. */
  async roll(): Promise<void> {
    for (const old of this.#names.slice()) {
      if (ALONE.includes(this.service.name)) {
        await this.#remove(old);
        await this.#add();
      } else {
        await this.#add();
        await this.#remove(old);
      }
    }
  }

  /** Resolves when so many run, and are ready. The oldest go first. */
  async scale(count: number): Promise<void> {
    await Promise.all(Array.from({ length: Math.max(0, count - this.#names.length) }, () => this.#add()));
    await Promise.all(this.#names.slice(0, Math.max(0, this.#names.length - count)).map((name) => this.#remove(name)));
  }

  async #add(): Promise<void> {
    this.#started += 1;
    const name = `${this.service.name}-${this.#started}`;
    const port = await freePort();
    this.#names.push(name);
    this.deployment.add({ ...this.service, name, env: { ...this.service.env, CASCADE_HEALTH_PORT: String(port) } });
    await untilReady(name, port);
  }

  async #remove(name: string): Promise<void> {
    this.#names.splice(this.#names.indexOf(name), 1);
    await this.deployment.retire(name);
  }
}

async function untilReady(name: string, port: number): Promise<void> {
  const until = performance.now() + READY_WITHIN_MS;
  while (!await fetch(`http://127.0.0.1:${port}/ready`).then(({ ok }) => ok, () => false)) {
    if (performance.now() > until) throw new Error(`${name} was not ready within ${READY_WITHIN_MS / 1000} s`);
    await pause(LOOK_AGAIN_MS);
  }
}
