/** How many must have a write before Cascade calls it done; see docs/delivery.md. */
export interface Durability {
  /** Replicas that have it in memory; on their disk when `disk` is true. */
  readonly replicas: number;
  /** The master's own disk too (`WAITAOF`, Redis 7.2 or later, with an append-only file). */
  readonly disk: boolean;
}

/** Where the data is, and what counts as written. The same for everybody who works on the same data. */
export interface RedisSettings {
  /** `redis://`, `rediss://`, or a cluster: `redis+cluster://host:port,host:port` (`rediss+cluster://`). */
  readonly url: string;
  /** Begins every key, e.g. `{p03}:`: one partition of the data. A cluster is used by partitions only. */
  readonly keyPrefix?: string | undefined;
  /** What is not confirmed counts as unknown, and is asked for again. Without it, the master's answer is enough. */
  readonly durability?: Durability | undefined;
}
