import type { LoggerService } from '@nestjs/common';
import { readHostConfig, startService, type RunningService, type ServiceDefinition } from '@cascade/service-host';
import { service as stories } from '@cascade/agent-00-stories';
import { service as specs } from '@cascade/agent-10-specs';
import { service as programs } from '@cascade/agent-20-programs';
import { service as execution } from '@cascade/agent-30-execution';
import { service as gitWorker } from '@cascade/git-worker';
import { service as supervisor } from '@cascade/supervisor';

/** Every service of the road, as each of them also runs in a process of its own. */
export const services: readonly ServiceDefinition[] = [stories, specs, programs, execution, gitWorker, supervisor];

export interface Standalone {
  /** Stops all services: each lets its handlers finish within a bound and hands the rest back. */
  stop(): Promise<void>;
}

/**
 * Starts all services in this process, with the environment that each would have in its own. When one does not start,
 * those that did are stopped again, and its error is thrown. `logger` gets what they log.
 */
export async function startStandalone(env: NodeJS.ProcessEnv, logger?: LoggerService): Promise<Standalone> {
  const config = readHostConfig(env);
  const results = await Promise.allSettled(services.map((service) => startService(service, config, logger)));
  const running = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const failure = results.find((result) => result.status === 'rejected');
  if (failure !== undefined) {
    await stopAll(running);
    throw failure.reason;
  }
  let stopping: Promise<void> | undefined;
  return { stop: () => (stopping ??= stopAll(running)) };
}

/**
 * Tiers and supervisor first, then the git-worker, whose answers those may still wait for. All stop, also when one fails
 * to; then its error is thrown.
 */
async function stopAll(running: readonly RunningService[]): Promise<void> {
  const [last, first] = [running.filter((service) => service.name === gitWorker.name), running.filter((service) => service.name !== gitWorker.name)];
  const results = [...await stopTogether(first), ...await stopTogether(last)];
  const failure = results.find((result) => result.status === 'rejected');
  if (failure !== undefined) throw failure.reason;
}

const stopTogether = (running: readonly RunningService[]): Promise<PromiseSettledResult<void>[]> => Promise.allSettled(running.map((service) => service.stop()));
