import { Injectable } from '@nestjs/common';
import { newEventId, partitionOf, type CommandDefinition, type ReplyOf, type RequestOf } from '@cascade/contracts';
import { HostConfig } from '@cascade/service-host';
import { CascadeDirectory, Cascades } from '@cascade/state';
import { CommandClient, createConnection, EventPublisher } from '@cascade/streams';
import type { Redis } from 'ioredis';
import type { ApiConfig } from './api-config.js';

/** Connections to one partition of the data. */
export interface Partition {
  readonly redis: Redis;
  readonly cascades: Cascades;
  readonly commands: CommandClient;
  readonly publisher: EventPublisher;
  /** Asks another service. Throws what the command does, and `CASC_COMMAND_TIMEOUT` (retryable) when no service answers. */
  ask<C extends CommandDefinition>(command: C, request: RequestOf<C>): Promise<ReplyOf<C>>;
}

/** Connections to all of the data: a request about a repository goes to its partition, an id is looked for in each. */
@Injectable()
export class Partitions {
  readonly all: readonly Partition[];
  readonly cascades: CascadeDirectory;

  constructor(config: HostConfig, { answerMs: timeoutMs }: ApiConfig) {
    this.all = config.partitions.map((settings) => {
      const redis = createConnection({ ...settings, name: 'api', role: 'commands' });
      redis.on('error', () => undefined); // it connects again by itself; `/ready` tells
      const cascades = new Cascades(redis, config.retentionMs);
      const commands = new CommandClient({ redis: settings, cascadeOf: (id) => cascades.travelOf(id) });
      return {
        redis, cascades, commands, publisher: new EventPublisher({ redis: settings }),
        ask: (command, request) => commands.send(command, request, { key: newEventId(), cascadeId: 'cascade-api', signal: AbortSignal.timeout(timeoutMs), timeoutMs }),
      };
    });
    this.cascades = new CascadeDirectory(this.connections);
  }

  get connections(): readonly Redis[] {
    return this.all.map(({ redis }) => redis);
  }

  /** Where everything is that is in no partition of its own. */
  get first(): Partition {
    return this.all[0]!;
  }

  of(repository: string): Partition {
    return this.all[partitionOf(repository, this.all.length)]!;
  }

  /** The partition of a connection, as `CascadeDirectory` gives it. */
  with(redis: Redis): Partition {
    return this.all.find((partition) => partition.redis === redis) ?? this.first;
  }

  /** A connection was lost, and is not back yet. */
  get isRedisAway(): boolean {
    return this.connections.some(({ status }) => status === 'reconnecting' || status === 'close' || status === 'end');
  }

  async close(): Promise<void> {
    await Promise.all(this.all.flatMap(({ commands, publisher }) => [commands.close(), publisher.close()]));
    for (const redis of this.connections) redis.disconnect();
  }
}
