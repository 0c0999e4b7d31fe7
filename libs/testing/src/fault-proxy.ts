import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

/** What the network does to those who talk through it. */
export type NetworkFault =
  /** Bytes pass. */
  | { readonly kind: 'none' }
  /** What is sent is lost, nothing is closed: a pulled cable. Connections that saw it stay dead for ever, as half-open ones do. */
  | { readonly kind: 'black-hole' }
  /** What the server answers is lost; what it is asked arrives. */
  | { readonly kind: 'unanswered' }
  /** Connections are cut, and new ones are cut at once. */
  | { readonly kind: 'reset' }
  /** Every piece of data comes so much later, in order. */
  | { readonly kind: 'delay'; readonly ms: number };

/** A TCP proxy on 127.0.0.1 that breaks in the ways in which networks do. */
export interface FaultProxy {
  readonly port: number;
  /** Connections that are open through it. */
  readonly connections: number;
  /** From now on, for open connections and new ones. */
  set(fault: NetworkFault): void;
  close(): Promise<void>;
}

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
  isDead: boolean;
}

/** Starts a proxy before a server of this machine. */
export async function startFaultProxy(targetPort: number): Promise<FaultProxy> {
  const pairs = new Set<Pair>();
  let fault: NetworkFault = { kind: 'none' };
  const listener = createServer((client) => {
    if (fault.kind === 'reset') return void client.resetAndDestroy();
    const pair: Pair = { client, server: connect(targetPort, '127.0.0.1'), isDead: fault.kind === 'black-hole' };
    pairs.add(pair);
    join(pair, () => fault, () => pairs.delete(pair));
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  return {
    port: (listener.address() as AddressInfo).port,
    get connections() { return pairs.size; },
    set: (next) => {
      fault = next;
      for (const pair of pairs) {
        if (next.kind === 'reset') cut(pair);
        if (next.kind === 'black-hole') pair.isDead = true;
      }
    },
    close: async () => {
      for (const pair of pairs) cut(pair);
      await new Promise((resolve) => listener.close(resolve));
    },
  };
}

function cut({ client, server }: Pair): void {
  client.resetAndDestroy();
  server.destroy();
}

function join(pair: Pair, fault: () => NetworkFault, forget: () => void): void {
  const pipe = (from: Socket, to: Socket): void => {
    from.on('data', (chunk: Buffer) => {
      const now = fault();
      if (pair.isDead || (now.kind === 'unanswered' && from === pair.server)) return;
      if (now.kind === 'delay') setTimeout(() => to.write(chunk), now.ms);
      else to.write(chunk);
    });
    from.on('error', () => undefined);
    from.on('close', () => {
      forget();
      // A dead connection's other end does not learn that this one is gone.
      if (!pair.isDead || from === pair.client) to.destroy();
    });
  };
  pipe(pair.client, pair.server);
  pipe(pair.server, pair.client);
}
