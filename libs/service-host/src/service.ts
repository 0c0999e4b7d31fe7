import 'reflect-metadata';
import { Logger, type LoggerService } from '@nestjs/common';
import { knowSecretsOf } from '@cascade/contracts';
import { openProcessLogger, startTracing, stopTracing } from '@cascade/telemetry';
import type { StreamsHealth } from '@cascade/streams';
import { readHostConfig, type HostConfig } from './host-config.js';
import { OpsServer, type ProcessHealth } from './ops-server.js';
import { startPartition } from './partition.js';
import type { ServiceDefinition } from './service-definition.js';

export interface RunningService {
  readonly name: string;
  /** How each partition of it is. */
  healths(): readonly StreamsHealth[];
  /** Stops reading, lets handlers finish within a bound, hands the rest back; then closes every connection. */
  stop(): Promise<void>;
}

/**
 * Starts a service in this process, once for each partition of the data, so that a cascade meets only what is in its own.
 * `logger` gets what Nest and the services log; by default Nest's own, on stdout and stderr. `env`: what `config` was read from.
 * Throws what the service's `shared` and connecting to Redis throw; nothing runs then.
 */
export async function startService(service: ServiceDefinition, config: HostConfig, logger?: LoggerService, env: NodeJS.ProcessEnv = process.env): Promise<RunningService> {
  const shared = await service.shared?.(config, env) ?? [];
  const started = await Promise.allSettled(config.partitions.map((redis) => startPartition({ service, config, redis, shared, logger })));
  const running = started.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const stop = async (): Promise<void> => { await Promise.all(running.map((partition) => partition.stop())); };
  const failure = started.find((result) => result.status === 'rejected');
  if (failure !== undefined) {
    await stop();
    throw failure.reason;
  }
  return { name: service.name, healths: () => running.map(({ server }) => server.health), stop };
}

/** The main function of a service's own process: configuration from the environment, stops on SIGTERM and SIGINT. */
export async function runService(service: ServiceDefinition): Promise<void> {
  await runProcess(service.name, (config, logger) => startService(service, config, logger));
}

/**
 * As `runService`, for what starts in a way of its own; `logger` is the log of the process. Nest's own shutdown hooks are not
 * used: they destroy providers before the transport has stopped. Probes are answered from the first moment on: a service may
 * wait for its Redis.
 */
export async function runProcess(name: string, start: (config: HostConfig, logger: LoggerService) => Promise<RunningService>): Promise<void> {
  const logger = await observe(name);
  const config = readHostConfig(process.env);
  let running: RunningService | undefined;
  let stopping: Promise<void> | undefined;
  const health = (): ProcessHealth => ({ phase: running === undefined ? 'starting' : stopping === undefined ? 'running' : 'stopping', healths: running?.healths() ?? [] });
  if (config.healthPort !== undefined) await OpsServer.start(config.healthPort, health);
  const service = await start(config, logger);
  running = service;
  logger.log('is running');
  const stop = (): void => {
    stopping ??= service.stop().then(() => 0, (error: unknown) => {
      logger.error('did not stop cleanly', error);
      return 1;
    }).then(async (code) => {
      await stopTracing();
      process.exit(code);
    });
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

/** Log and traces of this process, before anything else of it runs: also what keeps it from starting is told in its log. */
async function observe(name: string): Promise<LoggerService> {
  knowSecretsOf(process.env);
  const logger = await openProcessLogger(name, process.env);
  Logger.overrideLogger(logger);
  process.on('uncaughtException', (error) => {
    logger.fatal?.(error);
    process.exit(1);
  });
  await startTracing(name, (text) => logger.warn(text));
  return logger;
}
