import net from 'node:net';
import tls from 'node:tls';
import { AbstractConnector, Redis } from 'ioredis';

/** A node that does not answer for so long is passed over. */
const PROBE_MS = 3_000;

interface Address {
  readonly host: string;
  readonly port: number;
}

/** What ioredis gives to a connector, as far as it is of use here. */
interface ConnectorOptions {
  readonly disconnectTimeout: number;
  readonly tls?: tls.ConnectionOptions;
}

/**
 * Connects to whichever master of a Redis Cluster owns the keys that begin with `prefix` at that moment. All keys of a
 * connection have one prefix and so one owner; therefore an ordinary connection serves, which looks for the owner each
 * time that it connects, as ioredis does with Sentinel. That the owner has changed shows as an error on which the
 * connection is made anew (`reconnectOnError`).
 *
 * Never gives up: where no node can be asked, it connects to one that was known, and failing at that leads to another try.
 */
export function connectorTo(nodes: readonly string[], prefix: string): new (options: unknown) => AbstractConnector {
  let known: readonly Address[] = [];
  let turn = 0;

  /** Another node is asked first each time: one that is cut off from the others may tell what was true before. */
  async function findOwner(): Promise<Address> {
    turn += 1;
    const all = [...known, ...nodes.map(addressOf)];
    for (let index = 0; index < all.length; index += 1) {
      const node = all[(turn + index) % all.length]!;
      const answer = await ask(node, nodes[0]!, prefix);
      if (answer === undefined) continue;
      known = answer.masters;
      if (answer.owner !== undefined) return answer.owner;
    }
    return all[turn % all.length]!;
  }

  return class ClusterConnector extends AbstractConnector {
    readonly #options: ConnectorOptions;

    constructor(options: unknown) {
      super((options as ConnectorOptions).disconnectTimeout);
      this.#options = options as ConnectorOptions;
    }

    override async connect(): Promise<net.Socket> {
      this.connecting = true;
      const owner = await findOwner();
      if (!this.connecting) throw new Error('Connection is closed.');
      const stream = this.#options.tls === undefined ? net.connect(owner) : tls.connect({ ...owner, ...this.#options.tls });
      stream.once('error', (error) => { this.firstError = error; });
      this.stream = stream;
      return stream;
    }
  };
}

function addressOf(node: string): Address {
  const { hostname, port } = new URL(node);
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 6379) };
}

/** Every master that a node knows, and which of them owns the keys; undefined when it does not answer. */
async function ask(node: Address, like: string, prefix: string): Promise<{ readonly masters: readonly Address[]; readonly owner: Address | undefined } | undefined> {
  const redis = new Redis(like, { ...node, lazyConnect: true, retryStrategy: () => null, maxRetriesPerRequest: 0, connectTimeout: PROBE_MS, commandTimeout: PROBE_MS });
  redis.on('error', () => undefined); // its command fails, which is enough
  try {
    const [slot, ranges] = await Promise.all([redis.cluster('KEYSLOT', prefix), redis.cluster('SLOTS')]);
    // A node that does not know its own address gives none.
    const masters = ranges.flatMap(([from, to, master]) => (master === undefined ? [] : [{ from, to, address: { host: master[0] || node.host, port: master[1] } }]));
    return { masters: masters.map(({ address }) => address), owner: masters.find(({ from, to }) => from <= slot && slot <= to)?.address };
  } catch {
    return undefined;
  } finally {
    redis.disconnect();
  }
}
