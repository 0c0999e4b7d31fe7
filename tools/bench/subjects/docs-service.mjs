import { readHostConfig, startService } from '@cascade/service-host';
import { service as docsIndexer } from '@cascade/docs-indexer';
import { service as gitWorker } from '@cascade/git-worker';

/** docs-indexer and git-worker as they run, both in this process, with their folders below `home`. */
export async function services(url, { home }) {
  const env = { ...process.env, REDIS_URL: url, CASCADE_HOME: home };
  for (const name of ['CASCADE_CACHE', 'CASCADE_STORE', 'CASCADE_DOCS']) delete env[name];
  const running = [];
  for (const service of [gitWorker, docsIndexer]) running.push(await startService(service, readHostConfig(env), false, env));
  return {
    async cpuUs() {
      const { user, system } = process.cpuUsage();
      return user + system;
    },
    rss: async () => process.memoryUsage().rss,
    stop: async () => { await Promise.all(running.map((service) => service.stop())); },
  };
}
