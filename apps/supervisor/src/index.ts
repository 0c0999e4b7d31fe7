import type { ServiceDefinition } from '@cascade/service-host';
import { SupervisorModule } from './supervisor.module.js';

export const service: ServiceDefinition = { name: 'supervisor', module: SupervisorModule, needsModel: false };
