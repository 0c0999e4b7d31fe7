import { openModel, type ServiceDefinition } from '@cascade/service-host';
import { ProgramsModule } from './programs.module.js';

export { ProgramsHandlers } from './programs.handlers.js';
export const service: ServiceDefinition = { name: 'agent-20-programs', module: ProgramsModule, shared: openModel };
