import { askRedis, freePort } from '@cascade/local-runtime';
import { startTestRedis, type TestRedis } from './test-redis.js';
import { untilTrue } from './until-true.js';

const SLOTS = 16_384;
/** Meeting each other takes some rounds of gossip. */
const MEETING_MS = 60_000;

/** Three masters that share the slots, without replicas. */
export interface TestCluster {
  /** `redis+cluster://host:port,host:port,host:port`. */
  readonly url: string;
  readonly masters: readonly TestRedis[];
  /** Ends all of them and removes their folders. */
  stop(): Promise<void>;
}

interface Master extends TestRedis {
  readonly busPort: number;
}

/** Starts a real Redis Cluster; resolves when each of its masters says that it is complete. `persistent` as for one server. */
export async function startTestCluster(options: { readonly persistent?: boolean } = {}): Promise<TestCluster> {
  const masters = await Promise.all([0, 1, 2].map(() => startMaster(options.persistent ?? false)));
  const cluster: TestCluster = {
    url: `redis+cluster://${masters.map(({ port }) => `127.0.0.1:${port}`).join(',')}`,
    masters,
    stop: async () => { await Promise.all(masters.map((master) => master.stop())); },
  };
  try {
    await join(masters);
  } catch (error) {
    await cluster.stop();
    throw error;
  }
  return cluster;
}

async function startMaster(persistent: boolean): Promise<Master> {
  const busPort = await freePort(); // by default port + 10000, which may be past the last port
  const server = await startTestRedis({ persistent, directives: ['cluster-enabled yes', `cluster-port ${busPort}`, 'cluster-node-timeout 5000'] });
  return { ...server, busPort };
}

async function join(masters: readonly Master[]): Promise<void> {
  const share = Math.ceil(SLOTS / masters.length);
  const first = masters[0]!;
  await Promise.all(masters.map((master, index) => askRedis(master.url, [
    ['CLUSTER', 'SET-CONFIG-EPOCH', String(index + 1)],
    ['CLUSTER', 'ADDSLOTSRANGE', String(index * share), String(Math.min((index + 1) * share, SLOTS) - 1)],
    ...(master === first ? [] : [['CLUSTER', 'MEET', '127.0.0.1', String(first.port), String(first.busPort)]]),
  ])));
  const isComplete = async (master: Master): Promise<boolean> => {
    const [info = ''] = await askRedis(master.url, [['CLUSTER', 'INFO']]);
    return info.includes('cluster_state:ok') && info.includes(`cluster_size:${masters.length}`);
  };
  await untilTrue(async () => (await Promise.all(masters.map(isComplete))).every(Boolean), 'the cluster to be complete', MEETING_MS);
}
