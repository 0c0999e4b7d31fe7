import { runService } from '@cascade/service-host';
import { service } from './index.js';

await runService(service);
