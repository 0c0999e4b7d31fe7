import { Module, type OnModuleDestroy } from '@nestjs/common';
import { Ingestion } from './ingestion.js';

@Module({})
export class GithubWebhookModule implements OnModuleDestroy {
  constructor(private readonly ingestion: Ingestion) {}

  async onModuleDestroy(): Promise<void> {
    await this.ingestion.close();
  }
}
