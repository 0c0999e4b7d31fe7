import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { docsIndexRequested } from '@cascade/contracts';
import { EventPublisher } from '@cascade/streams';
import { CommitReader } from './commit-reader.js';
import { OpenedDocumentation } from './opened-documentation.js';
import type { ScopeRecord } from './scope-records.js';

/**
 * After the start, in the background: loads the branches that the store has, most recently used first, so that the first
 * question does not wait for it; those that the store lost are asked for again, by the usual event.
 */
@Injectable()
export class TakeUp implements OnApplicationBootstrap {
  private readonly logger = new Logger('docs-indexer');
  constructor(private readonly documentation: OpenedDocumentation, private readonly reader: CommitReader, private readonly publisher: EventPublisher) {}

  onApplicationBootstrap(): void {
    if (!this.documentation.isUsable) return;
    this.takeUp().catch((error: unknown) => {
      if (!this.documentation.closed.aborted) this.logger.warn(`what was indexed could not be taken up: ${(error as Error).message}`);
    });
  }

  private async takeUp(): Promise<void> {
    const documentation = this.documentation.get();
    for (const record of documentation.records.all()) {
      if (this.documentation.closed.aborted) return;
      const branch = documentation.branch(record);
      if (branch.isLost) await this.request(record);
      else await branch.load(this.reader.factsOf(record.repository));
    }
  }

  private async request({ address, branch }: ScopeRecord): Promise<void> {
    await this.publisher.publish(docsIndexRequested, { repository: address, branch });
  }
}
