import { openModel, type ServiceDefinition } from '@cascade/service-host';
import { ExecutionModule } from './execution.module.js';

export const service: ServiceDefinition = { name: 'agent-30-execution', module: ExecutionModule, shared: openModel };
