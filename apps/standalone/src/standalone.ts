import { Logger, type LoggerService } from '@nestjs/common';
import { asCascadeError } from '@cascade/contracts';
import { readHostConfig, startService, type RunningService, type ServiceDefinition } from '@cascade/service-host';
import { service as stories } from '@cascade/agent-00-stories';
import { service as specs } from '@cascade/agent-10-specs';
import { service as programs } from '@cascade/agent-20-programs';
import { service as execution } from '@cascade/agent-30-execution';
import { readApiConfig, startApi } from '@cascade/api';
import { service as docsIndexer } from '@cascade/docs-indexer';
import { service as gitWorker } from '@cascade/git-worker';
import { readGitHubConfig } from '@cascade/github';
import { service as githubSync } from '@cascade/github-sync';
import { service as githubWebhook } from '@cascade/github-webhook';
import { service as supervisor } from '@cascade/supervisor';

/** Every service of the road, as each of them also runs in a process of its own. */
export const services: readonly ServiceDefinition[] = [stories, specs, programs, execution, docsIndexer, gitWorker, supervisor];

/** What connects cascades with GitHub, where the environment has credentials and secrets of webhooks. Throws `CASC_CONFIGURATION_INVALID` (terminal). */
export function githubServices(env: NodeJS.ProcessEnv): readonly ServiceDefinition[] {
  const github = readGitHubConfig(env);
  return [...(github.credentials === undefined ? [] : [githubSync]), ...(github.webhookSecrets.length === 0 ? [] : [githubWebhook])];
}

/** What the documentation graph needs, where nothing else is wanted. */
export const docsServices: readonly ServiceDefinition[] = [docsIndexer, gitWorker];

export interface Standalone {
  /** Stops all services: each lets its handlers finish within a bound and hands the rest back. */
  stop(): Promise<void>;
}

/**
 * Starts services in this process, all unless told otherwise (those for GitHub where it is configured, the API where
 * `CASCADE_API_PORT` is set), with the environment that each would have in its own. When one does not start, those that did
 * are stopped again, and its error is thrown. Those that cascades go on without, the API among them, are not waited for, and
 * only missed in the log. `logger` gets what they log.
 */
export async function startStandalone(env: NodeJS.ProcessEnv, logger?: LoggerService, some?: readonly ServiceDefinition[]): Promise<Standalone> {
  const config = readHostConfig(env);
  const wanted = some ?? [...services, ...githubServices(env)];
  const isBeside = ({ besideCascades }: ServiceDefinition): boolean => besideCascades === true;
  const beside = wanted.filter(isBeside).map((service) => startBeside(service.name, () => startService(service, config, logger, env), logger));
  if (some === undefined && env['CASCADE_API_PORT']) beside.push(startBeside('api', () => startApi(config, readApiConfig(env), logger), logger));
  const results = await Promise.allSettled(wanted.filter((service) => !isBeside(service)).map((service) => startService(service, config, logger, env)));
  const running = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const stop = async (): Promise<void> => stopAll([...running, ...(await Promise.all(beside)).flat()]);
  const failure = results.find((result) => result.status === 'rejected');
  if (failure !== undefined) {
    await stop();
    throw failure.reason;
  }
  let stopping: Promise<void> | undefined;
  return { stop: () => (stopping ??= stop()) };
}

async function startBeside(name: string, start: () => Promise<RunningService>, logger?: LoggerService): Promise<RunningService[]> {
  try {
    return [await start()];
  } catch (error) {
    const { code, message } = asCascadeError(error);
    (logger ?? new Logger(name)).warn(`${name} does not run here: ${message} (${code})`);
    return [];
  }
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
