import type { ServiceDefinition } from '@cascade/service-host';
import { GithubWebhookModule } from './github-webhook.module.js';
import { openIngestion } from './ingestion.js';

export const service: ServiceDefinition = { name: 'github-webhook', module: GithubWebhookModule, needsModel: false, besideCascades: true, shared: openIngestion };
