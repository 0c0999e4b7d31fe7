import { Module, type OnApplicationShutdown } from '@nestjs/common';
import { ExportStore } from '@cascade/service-host';
import { Branches } from './branches.js';
import { CommitReader } from './commit-reader.js';
import { GitSource } from './git-source.js';
import { IndexHandlers } from './index.handlers.js';
import { Indexing } from './indexing.js';
import { OpenedDocumentation } from './opened-documentation.js';
import { QuestionHandlers } from './questions.handlers.js';
import { TakeUp } from './take-up.js';

@Module({
  controllers: [IndexHandlers, QuestionHandlers],
  providers: [Branches, CommitReader, ExportStore, GitSource, Indexing, TakeUp],
})
export class DocsIndexerModule implements OnApplicationShutdown {
  constructor(private readonly documentation: OpenedDocumentation) {}

  async onApplicationShutdown(): Promise<void> {
    await this.documentation.close();
  }
}
