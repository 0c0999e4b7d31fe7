import { openModel, type ServiceDefinition } from '@cascade/service-host';
import { StoriesModule } from './stories.module.js';

export { StoriesHandlers } from './stories.handlers.js';
export const service: ServiceDefinition = { name: 'agent-00-stories', module: StoriesModule, shared: openModel };
