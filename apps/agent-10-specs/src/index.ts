import { openModel, type ServiceDefinition } from '@cascade/service-host';
import { SpecsModule } from './specs.module.js';

export { SpecsHandlers } from './specs.handlers.js';
export const service: ServiceDefinition = { name: 'agent-10-specs', module: SpecsModule, shared: openModel };
