import { Injectable } from '@nestjs/common';
import { newEventId, type CommandDefinition, type ReplyOf, type RequestOf } from '@cascade/contracts';
import { ApiConfig } from '../api-config.js';
import { Partitions } from '../partitions.js';

/** Questions to the documentation graph. */
@Injectable()
export class DocsQueries {
  constructor(private readonly partitions: Partitions, private readonly config: ApiConfig) {}

  /** Throws what the command does, and `CASC_COMMAND_TIMEOUT` (retryable) when no docs-indexer answers. */
  ask<C extends CommandDefinition>(command: C, request: RequestOf<C> & { readonly repository: string }): Promise<ReplyOf<C>> {
    const timeoutMs = this.config.answerMs;
    return this.partitions.of(request.repository).commands.send(command, request, { key: newEventId(), cascadeId: 'cascade-api', signal: AbortSignal.timeout(timeoutMs), timeoutMs });
  }
}
