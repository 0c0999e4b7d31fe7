import type { Type, ValueProvider } from '@nestjs/common';
import type { RetryTable } from '@cascade/streams';
import type { HostConfig } from './host-config.js';

/** A value that is injected by its class. */
export type ClassProvider = ValueProvider & { readonly provide: Type };

/** One service: a Nest module whose controllers handle events and commands. */
export interface ServiceDefinition {
  /** Also the name of its consumer group. */
  readonly name: string;
  readonly module: Type;
  /** Cascades go on without it: it journals nothing, no cascade fails by it, and a cascade's end does not stop it. It may not start. */
  readonly besideCascades?: true;
  /** When its events are tried again after an error; the transport's own table unless given. */
  readonly retryDelays?: RetryTable;
  /** What its providers share in a process, whatever the number of partitions; done before any of them starts. `env` for settings of its own. */
  readonly shared?: (config: HostConfig, env: NodeJS.ProcessEnv) => Promise<ClassProvider[]>;
}
