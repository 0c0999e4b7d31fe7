import { openRepositories } from './open-repositories.js';
import type { ServiceDefinition } from '@cascade/service-host';
import { GitWorkerModule } from './git-worker.module.js';

export { GitWorkerModule };

export const service: ServiceDefinition = { name: 'git-worker', module: GitWorkerModule, shared: openRepositories };
