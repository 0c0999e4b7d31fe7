import path from 'node:path';
import { checkout } from '../checkout.js';
import type { Place } from './place.js';
import { ServiceProcess, type ServiceCommand } from './service-process.js';

/** The services of the road, each of which runs as a process of its own. */
export const roadServices = ['agent-00-stories', 'agent-10-specs', 'agent-20-programs', 'agent-30-execution', 'git-worker', 'supervisor'] as const;

export const serviceCommand = (name: string): ServiceCommand => ({ name, main: path.join(checkout, 'apps', name, 'dist/main.js') });

/** A process that ends by itself so often is not started again: it would never stop. */
const MAX_UNEXPECTED_ENDS = 10;

export interface DeploymentHooks {
  /** What a service's next life gets beside the environment of the place; asked before each start. */
  readonly nextLife?: (service: string) => { readonly env?: Readonly<Record<string, string>>; readonly preloads?: readonly string[] };
  /** A process has died, and its successor is not started yet. */
  readonly died?: (service: string) => Promise<void>;
}

/** Services as processes; whichever dies is started again, as an operating system's supervisor would do. */
export class Deployment {
  readonly #processes = new Map<string, ServiceProcess>();
  readonly #tending: Promise<void>[] = [];
  readonly #retired = new Set<string>();
  readonly unexpectedEnds: string[] = [];
  /** Processes that died, for whatever reason. */
  deaths = 0;
  #stopped = false;

  constructor(private readonly place: Place, services: readonly ServiceCommand[], private readonly hooks: DeploymentHooks = {}) {
    for (const service of services) this.add(service);
  }

  /** Starts one more; it may not be ready yet. Its name must be new or that of one that was retired. */
  add(service: ServiceCommand): void {
    this.#retired.delete(service.name);
    this.#tending.push(this.#tend(service));
  }

  /** Asks a process to stop, as an orchestrator does, and waits until it is gone. It is not started again. */
  async retire(name: string): Promise<void> {
    const process = this.process(name);
    this.#retired.add(name);
    await process.stop();
    if (process.unexpectedEnd !== undefined) this.unexpectedEnds.push(process.unexpectedEnd);
    this.#processes.delete(name);
  }

  get services(): string[] {
    return [...this.#processes.keys()];
  }

  /** The process that runs a service now. */
  process(service: string): ServiceProcess {
    return this.#processes.get(service)!;
  }

  get pids(): number[] {
    return [...this.#processes.values()].map(({ pid }) => pid);
  }

  /** Ends all processes for good. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const process of this.#processes.values()) await process.kill();
    await Promise.all(this.#tending);
  }

  async #tend(service: ServiceCommand): Promise<void> {
    while (!this.#stopped && this.unexpectedEnds.length < MAX_UNEXPECTED_ENDS) {
      const { env = {}, preloads = [] } = this.hooks.nextLife?.(service.name) ?? {};
      const process = new ServiceProcess({ ...service, preloads: [...service.preloads ?? [], ...preloads] }, { ...this.place.env, ...service.env, ...env }, path.join(this.place.folder, 'logs'));
      this.#processes.set(service.name, process);
      await process.exited;
      if (this.#stopped || this.#retired.has(service.name)) return;
      this.deaths += 1;
      if (process.unexpectedEnd !== undefined) this.unexpectedEnds.push(process.unexpectedEnd);
      await this.hooks.died?.(service.name);
    }
  }
}
