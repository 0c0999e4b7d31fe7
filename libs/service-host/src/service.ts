import 'reflect-metadata';
import { Logger, Module, type DynamicModule, type LoggerService, type Provider, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { MicroserviceOptions } from '@nestjs/microservices';
import { Model, requireModelConfig } from '@cascade/llm';
import { Agents, Approvals, CascadeRuns, Cascades } from '@cascade/state';
import { CommandClient, createConnection, EventPublisher, FileStore, StreamsServer, type RetryTable } from '@cascade/streams';
import { Redis } from 'ioredis';
import { HostConfig, readHostConfig } from './host-config.js';

/** One service: a Nest module whose controllers handle events and commands. */
export interface ServiceDefinition {
  /** Also the name of its consumer group. */
  readonly name: string;
  readonly module: Type;
  /** Services that call a language model do not start without one. */
  readonly needsModel: boolean;
  /** When its events are tried again after an error; the transport's own table unless given. */
  readonly retryDelays?: RetryTable;
}

export interface RunningService {
  readonly name: string;
  /** Stops reading, lets handlers finish within a bound, hands the rest back; then closes every connection. */
  stop(): Promise<void>;
}

/** Longer than the transport takes to let handlers finish. */
const STOP_WITHIN_MS = 20_000;

/** What every service's providers may ask for by class. */
@Module({})
class HostModule {
  static with(providers: Provider[]): DynamicModule {
    return { module: HostModule, global: true, providers, exports: providers.map((provider) => (provider as { provide: Type }).provide) };
  }
}

@Module({})
class ServiceModule {}

/**
 * Starts a service as a Nest microservice on the streams transport, with `HostConfig`, `Redis`, `CommandClient`,
 * `EventPublisher`, `Cascades`, `Agents`, `Approvals` and, when it needs one, `Model` to inject.
 * `logger` gets what Nest and the services log; by default Nest's own, on stdout and stderr.
 * Throws `CASC_MODEL_NOT_CONFIGURED` (terminal) and what connecting to Redis throws.
 */
export async function startService(service: ServiceDefinition, config: HostConfig, logger?: LoggerService): Promise<RunningService> {
  const model = modelOf(service, config);
  const redis = createConnection({ ...config.redis, name: service.name, role: 'commands' });
  redis.on('error', () => undefined); // the transport reports a lost connection, once
  const runs = new CascadeRuns(redis, service.name, { claimIdleMs: config.claimIdleMs, programChange: config.programChange, store: new FileStore({ folder: config.storeFolder }) });
  const commands = new CommandClient({ redis: config.redis });
  const publisher = new EventPublisher({ redis: config.redis });
  const host = HostModule.with([
    { provide: HostConfig, useValue: config },
    { provide: Redis, useValue: redis },
    { provide: CommandClient, useValue: commands },
    { provide: EventPublisher, useValue: publisher },
    { provide: Cascades, useValue: new Cascades(redis) },
    { provide: Agents, useValue: new Agents(redis) },
    { provide: Approvals, useValue: new Approvals(redis) },
    ...(model === undefined ? [] : [{ provide: Model, useValue: model }]),
  ]);
  const root: DynamicModule = { module: ServiceModule, imports: [host, service.module] };
  const application = await NestFactory.createMicroservice<MicroserviceOptions>(root, {
    logger: logger ?? ['warn', 'error', 'fatal'],
    abortOnError: false,
    strategy: new StreamsServer({
      redis: config.redis, service: service.name, concurrency: config.concurrency, claimIdleMs: config.claimIdleMs, maxDeliveries: config.maxDeliveries, runs,
      ...(service.retryDelays === undefined ? {} : { retryDelays: service.retryDelays }),
    }),
  });
  await application.listen();
  return {
    name: service.name,
    stop: async () => {
      // What still waits for a Redis that is gone must not hold up the end of the process.
      const patience = setTimeout(() => redis.disconnect(), STOP_WITHIN_MS);
      await application.close();
      clearTimeout(patience);
      await Promise.all([commands.close(), publisher.close()]);
      runs.close();
      redis.disconnect();
    },
  };
}

function modelOf(service: ServiceDefinition, config: HostConfig): Model | undefined {
  return service.needsModel ? new Model(config.model ?? requireModelConfig(process.env)) : undefined;
}

/**
 * The main function of a service's own process: configuration from the environment, stops on SIGTERM and SIGINT.
 * Nest's own shutdown hooks are not used: they destroy providers before the transport has stopped.
 */
export async function runService(service: ServiceDefinition): Promise<void> {
  const logger = new Logger(service.name);
  const running = await startService(service, readHostConfig(process.env));
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
