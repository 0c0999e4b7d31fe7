import type { ServiceDefinition } from '@cascade/service-host';
import { DocsIndexerModule } from './docs-indexer.module.js';
import { openDocumentation } from './opened-documentation.js';

export { DocsIndexerModule };

export const service: ServiceDefinition = { name: 'docs-indexer', module: DocsIndexerModule, besideCascades: true, shared: openDocumentation };
