import { Logger } from '@nestjs/common';
import { knowSecretsOf } from '@cascade/contracts';
import { startTracing, stopTracing } from '@cascade/telemetry';
import { startStandalone } from './index.js';

knowSecretsOf(process.env);
await startTracing('cascade', (text) => new Logger('telemetry').warn(text));
const standalone = await startStandalone(process.env);
const stop = (): void => {
  void standalone.stop().then(() => 0, (error: unknown) => {
    process.stderr.write(`Not all services stopped cleanly: ${(error as Error).message}\n`);
    return 1;
  }).then(async (code) => {
    await stopTracing();
    process.exit(code);
  });
};
process.on('SIGTERM', stop);
process.on('SIGINT', stop);
