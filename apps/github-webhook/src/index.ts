import type { ServiceDefinition } from '@cascade/service-host';
import { GithubWebhookModule } from './github-webhook.module.js';
import { openIngestion } from './ingestion.js';

export const service: ServiceDefinition = { name: 'github-webhook', module: GithubWebhookModule, besideCascades: true, shared: openIngestion };
