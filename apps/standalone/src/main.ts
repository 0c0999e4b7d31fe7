import { startStandalone } from './index.js';

const standalone = await startStandalone(process.env);
const stop = (): void => {
  standalone.stop().then(() => process.exit(0), (error: unknown) => {
    process.stderr.write(`Not all services stopped cleanly: ${(error as Error).message}\n`);
    process.exit(1);
  });
};
process.on('SIGTERM', stop);
process.on('SIGINT', stop);
