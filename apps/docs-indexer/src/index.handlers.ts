import { setTimeout } from 'node:timers/promises';
import { Controller, Logger } from '@nestjs/common';
import { asCascadeError, cascadeCompleted, cascadeRequested, docsIndex, docsIndexed, docsIndexFailed, docsIndexRequested, isCascadeError, publication, toldProblem, type EventOf, type Outcome, type ReplyOf, type RequestOf, type Run } from '@cascade/contracts';
import { Cascades } from '@cascade/state';
import { EventPublisher, nothing, OnCommand, OnEvent, outcome, type CommandCall } from '@cascade/streams';
import { docsMetrics } from '@cascade/telemetry';
import { Branches } from './branches.js';
import { Indexing, type Indexed, type IndexRequest } from './indexing.js';
import { ProgressTeller } from './progress-teller.js';

/** Pauses before a request is tried again that may then succeed; all together less than tiers wait for an index. */
const RETRY_DELAYS_MS = [500, 5_000, 20_000];

/**
 * Indexes what is asked for, and asks by itself: for the repository of every cascade when it begins, and for its result.
 * A tier waits only for what its prompts cannot hold, for so long, and no cascade fails by it.
 */
@Controller()
export class IndexHandlers {
  private readonly logger = new Logger('docs-indexer');

  constructor(private readonly indexing: Indexing, private readonly branches: Branches, private readonly cascades: Cascades, private readonly publisher: EventPublisher) {
    for (const metric of [docsMetrics.indexed, docsMetrics.indexSeconds]) metric.begin();
  }

  @OnEvent(cascadeRequested)
  async begun({ data: { repository, branch } }: EventOf<typeof cascadeRequested>): Promise<Outcome> {
    return outcome({ publish: [publication(docsIndexRequested, { repository, ...(branch === undefined ? {} : { branch }) })] });
  }

  @OnEvent(cascadeCompleted)
  async completed({ cascadeId, data: { summary } }: EventOf<typeof cascadeCompleted>): Promise<Outcome> {
    const cascade = await this.cascades.find(cascadeId);
    return cascade === undefined ? nothing() : outcome({ publish: [publication(docsIndexRequested, { repository: cascade.repository, branch: summary.branch })] });
  }

  /** For who waits for it; the signal is that of the process or of the caller's deadline. */
  @OnCommand(docsIndex)
  async index(request: RequestOf<typeof docsIndex>, { cascadeId, signal }: CommandCall): Promise<ReplyOf<typeof docsIndex>> {
    return await this.tried(request, cascadeId, signal);
  }

  /** Every end is an event: whoever asked waits for one. When the process stops, another one begins again. */
  @OnEvent(docsIndexRequested)
  async requested({ data: request, cascadeId }: EventOf<typeof docsIndexRequested>, run: Run): Promise<Outcome> {
    try {
      return outcome({ publish: [publication(docsIndexed, await this.triedAgain(request, cascadeId, run.signal))] });
    } catch (thrown) {
      if (run.signal.aborted) throw thrown;
      const problem = toldProblem(asCascadeError(thrown).toProblem());
      return outcome({ publish: [publication(docsIndexFailed, { ...(request.branch === undefined ? {} : { branch: request.branch }), repository: request.repository, problem })] });
    }
  }

  /** Here and not by the transport, at the end of whose retries nobody would tell those who wait. */
  private async triedAgain(request: IndexRequest, cascadeId: string, signal: AbortSignal): Promise<Indexed> {
    for (const delay of RETRY_DELAYS_MS) {
      try {
        return await this.tried(request, cascadeId, signal);
      } catch (thrown) {
        if (signal.aborted || !isCascadeError(thrown) || thrown.kind !== 'retryable') throw thrown;
        await setTimeout(delay, undefined, { signal });
      }
    }
    return await this.tried(request, cascadeId, signal);
  }

  private async tried(request: IndexRequest, cascadeId: string, signal: AbortSignal): Promise<Indexed> {
    const teller = new ProgressTeller(this.publisher, request.repository, cascadeId);
    try {
      const indexed = await this.indexing.index(request, signal, (...told) => teller.tell(...told));
      docsMetrics.indexed.add({ result: indexed.how });
      docsMetrics.indexSeconds.observe({}, indexed.tookMs / 1_000);
      return indexed;
    } catch (thrown) {
      if (signal.aborted) throw thrown;
      docsMetrics.indexed.add({ result: 'failed' });
      const { code, message } = asCascadeError(thrown);
      this.logger.warn(`${code}: ${request.repository} could not be indexed: ${message}`, ...(isCascadeError(thrown) ? [] : [(thrown as Error).stack]));
      await this.branches.failed(request);
      throw thrown;
    }
  }
}
