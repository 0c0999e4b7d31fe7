import { runProcess } from '@cascade/service-host';
import { readApiConfig, startApi } from './index.js';

await runProcess('api', (config, logger) => startApi(config, readApiConfig(process.env), logger));
