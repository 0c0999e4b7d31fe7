import { Module, type DynamicModule, type INestMicroservice, type LoggerService } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { MicroserviceOptions } from '@nestjs/microservices';
import { within } from '@cascade/contracts';
import { Agents, Approvals, CascadeRuns, Cascades } from '@cascade/state';
import { CommandClient, createConnection, EventPublisher, FileStore, plainRuns, StreamsServer, type RedisSettings } from '@cascade/streams';
import { Redis } from 'ioredis';
import { HostConfig } from './host-config.js';
import type { ClassProvider, ServiceDefinition } from './service-definition.js';

/** Events that everybody has acknowledged are kept for a day, for people to look at; no longer than their cascade. */
const DAY_MS = 24 * 3_600_000;

/** Longer than the transport takes to let handlers finish. An orchestrator has to grant more. */
export const STOP_WITHIN_MS = 20_000;

/** What every service's providers may ask for by class. */
@Module({})
class HostModule {
  static with(providers: ClassProvider[]): DynamicModule {
    return { module: HostModule, global: true, providers, exports: providers.map((provider) => provider.provide) };
  }
}

@Module({})
class ServiceModule {}

export interface RunningPartition {
  readonly server: StreamsServer;
  stop(): Promise<void>;
}

interface PartitionOptions {
  readonly service: ServiceDefinition;
  readonly config: HostConfig;
  readonly redis: RedisSettings;
  readonly shared: readonly ClassProvider[];
  readonly logger: LoggerService | undefined;
  /** After so long the stop goes on without what does not end. */
  readonly stopWithinMs?: number;
}

/**
 * A service as a Nest microservice on the streams transport, for one partition of the data, with `HostConfig`, `Redis`,
 * `CommandClient`, `EventPublisher`, `Cascades`, `Agents`, `Approvals` and what the service shares to inject.
 */
export async function startPartition(options: PartitionOptions): Promise<RunningPartition> {
  const { service, config, redis: settings } = options;
  const redis = connect(settings, service.name);
  const home = config.tenantsPartition;
  const tenants = home.keyPrefix === settings.keyPrefix ? redis : connect(home, `${service.name}-tenants`);
  const store = new FileStore({ folder: config.storeFolder });
  const runs = new CascadeRuns(redis, service.name, { claimIdleMs: config.claimIdleMs, programChange: config.programChange, store, tenants });
  const cascades = new Cascades(redis, config.retentionMs);
  const commands = new CommandClient({ redis: settings, cascadeOf: (cascadeId) => cascades.travelOf(cascadeId) });
  const publisher = new EventPublisher({ redis: settings, store });
  const close = async (): Promise<void> => {
    await Promise.all([commands.close(), publisher.close()]);
    runs.close();
    for (const connection of new Set([redis, tenants])) connection.disconnect();
  };
  try {
    const { server, application } = await startApplication(options, { runs, store }, [
      { provide: Redis, useValue: redis },
      { provide: CommandClient, useValue: commands },
      { provide: EventPublisher, useValue: publisher },
      { provide: Cascades, useValue: cascades },
      { provide: Agents, useValue: new Agents(redis) },
      { provide: Approvals, useValue: new Approvals(redis) },
    ]);
    return { server, stop: () => stop(application, options.stopWithinMs ?? STOP_WITHIN_MS).then(close) };
  } catch (error) {
    await close();
    throw error;
  }
}

function connect(settings: RedisSettings, name: string): Redis {
  const redis = createConnection({ ...settings, name, role: 'commands' });
  redis.on('error', () => undefined); // the transport reports a lost connection, once
  return redis;
}

async function startApplication({ service, config, redis, shared, logger }: PartitionOptions, kept: { readonly runs: CascadeRuns; readonly store: FileStore }, providers: ClassProvider[]): Promise<{ server: StreamsServer; application: INestMicroservice }> {
  const host = HostModule.with([{ provide: HostConfig, useValue: config }, ...providers, ...shared]);
  const root: DynamicModule = { module: ServiceModule, imports: [host, service.module] };
  const server = new StreamsServer({
    redis, service: service.name, concurrency: config.concurrency, claimIdleMs: config.claimIdleMs, maxDeliveries: config.maxDeliveries, retentionMs: Math.min(config.retentionMs, DAY_MS),
    store: kept.store, runs: service.besideCascades === true ? plainRuns : kept.runs,
    ...(service.retryDelays === undefined ? {} : { retryDelays: service.retryDelays }),
  });
  const application = await NestFactory.createMicroservice<MicroserviceOptions>(root, {
    logger: logger ?? ['warn', 'error', 'fatal'],
    abortOnError: false,
    strategy: server,
  });
  await application.listen();
  return { server, application };
}

/** What still waits for a Redis that is gone, a loop that looks for work say, must not hold up the end of the process. */
async function stop(application: INestMicroservice, withinMs: number): Promise<void> {
  await within(withinMs, application.close(), () => undefined);
}
