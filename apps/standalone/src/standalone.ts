import { Logger, type LoggerService } from '@nestjs/common';
import { asCascadeError } from '@cascade/contracts';
import { OpsServer, readHostConfig, startService, type HostConfig, type ProcessHealth, type RunningService, type ServiceDefinition } from '@cascade/service-host';
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
 * `CASCADE_API_PORT` is set, probes and metrics where `CASCADE_HEALTH_PORT` is), with the environment that each would have in
 * its own. When one does not start, those that did are stopped again, and its error is thrown. Those that cascades go on
 * without, the API among them, are not waited for, and only missed in the log. `logger` gets what they log.
 */
export async function startStandalone(env: NodeJS.ProcessEnv, logger?: LoggerService, some?: readonly ServiceDefinition[]): Promise<Standalone> {
  const config = readHostConfig(env);
  const wanted = some ?? [...services, ...githubServices(env)];
  const isBeside = ({ besideCascades }: ServiceDefinition): boolean => besideCascades === true;
  const running: RunningService[] = [];
  let phase: ProcessHealth['phase'] = 'starting';
  const ops = some === undefined ? await startOps(config, () => ({ phase, healths: running.flatMap((service) => service.healths()) }), logger) : undefined;
  const begin = async (service: Promise<RunningService>): Promise<void> => { running.push(await service); };
  const beside = wanted.filter(isBeside).map((service) => orMissed(service.name, begin(startService(service, config, logger, env)), logger));
  if (some === undefined && env['CASCADE_API_PORT']) beside.push(orMissed('api', begin(startApi(config, readApiConfig(env), logger)), logger));
  const stop = async (): Promise<void> => {
    phase = 'stopping';
    await Promise.all(beside);
    await stopAll(running).finally(() => ops?.close());
  };
  const results = await Promise.allSettled(wanted.filter((service) => !isBeside(service)).map((service) => begin(startService(service, config, logger, env))));
  const failure = results.find((result) => result.status === 'rejected');
  if (failure !== undefined) {
    await stop();
    throw failure.reason;
  }
  phase = 'running';
  let stopping: Promise<void> | undefined;
  return { stop: () => (stopping ??= stop()) };
}

/** A second set of services in the same environment, of `cascade run` beside `cascade up`, works without. */
async function startOps(config: HostConfig, health: () => ProcessHealth, logger?: LoggerService): Promise<OpsServer | undefined> {
  if (config.healthPort === undefined) return undefined;
  const start = OpsServer.start(config.healthPort, health, logger);
  await orMissed('The port for probes and metrics', start, logger);
  return start.catch(() => undefined);
}

async function orMissed(name: string, started: Promise<unknown>, logger?: LoggerService): Promise<void> {
  try {
    await started;
  } catch (error) {
    const { code, message } = asCascadeError(error);
    (logger ?? new Logger(name)).warn(`${name} does not run here: ${message} (${code})`);
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
