import 'reflect-metadata';
import { Logger, type LoggerService } from '@nestjs/common';
import type { StreamsHealth } from '@cascade/streams';
import { startHealthServer } from './health-server.js';
import { readHostConfig, type HostConfig } from './host-config.js';
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
  await runProcess(service.name, (config) => startService(service, config));
}

/**
 * As `runService`, for what starts in a way of its own. Nest's own shutdown hooks are not used: they destroy providers
 * before the transport has stopped.
 */
export async function runProcess(name: string, start: (config: HostConfig) => Promise<RunningService>): Promise<void> {
  const logger = new Logger(name);
  const config = readHostConfig(process.env);
  const running = await start(config);
  if (config.healthPort !== undefined) await startHealthServer(config.healthPort, () => running.healths());
  logger.log('is running');
  let stopping: Promise<void> | undefined;
  const stop = (): void => {
    stopping ??= running.stop().then(() => process.exit(0), (error: unknown) => {
      logger.error(`did not stop cleanly: ${(error as Error).message}`);
      process.exit(1);
    });
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}
