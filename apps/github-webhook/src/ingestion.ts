import { terminal } from '@cascade/contracts';
import { GitHubAccess, readGitHubConfig, type GitHubConfig } from '@cascade/github';
import type { ClassProvider, HostConfig } from '@cascade/service-host';
import { DeliveryPublisher } from './delivery-publisher.js';
import { MissedDeliveries } from './missed-deliveries.js';
import { Receiver, type ReceiverLimits } from './receiver.js';
import { WebhookMetrics } from './webhook-metrics.js';
import { WebhookServer, type ServerLimits } from './webhook-server.js';

/** The one server of this process, whatever the number of partitions: GitHub knows one address. */
export class Ingestion {
  #closed: Promise<void> | undefined;

  constructor(private readonly server: WebhookServer, private readonly publisher: DeliveryPublisher, private readonly missed: MissedDeliveries | undefined) {}

  /** `limits`: other ones than usual, for tests. Throws `CASC_CONFIGURATION_INVALID` and `CASC_WEBHOOK_PORT_TAKEN` (terminal). */
  static async open(config: HostConfig, env: NodeJS.ProcessEnv, limits: Partial<ServerLimits & ReceiverLimits> = {}): Promise<Ingestion> {
    const github = readGitHubConfig(env);
    if (github.webhookSecrets.length === 0) {
      throw terminal('CASC_CONFIGURATION_INVALID', 'The environment is not valid: CASCADE_GITHUB_WEBHOOK_SECRETS: is missing; without a secret anybody could send deliveries', { advice: 'Set it to what the hook has as its secret; `cascade github setup` makes the hook.' });
    }
    const publisher = new DeliveryPublisher(config);
    const receiver = new Receiver(github.webhookSecrets, publisher, limits);
    try {
      const server = await WebhookServer.start({ port: github.webhookPort, metrics: new WebhookMetrics(), isReady: () => publisher.isReady, receive: (request) => receiver.receive(request), limits });
      const missed = missedDeliveries(github, publisher);
      missed?.start();
      return new Ingestion(server, publisher, missed);
    } catch (error) {
      await publisher.close();
      throw error;
    }
  }

  get port(): number {
    return this.server.port;
  }

  /** Asked for by each partition, done once. */
  close(): Promise<void> {
    return this.#closed ??= Promise.all([this.server.stop(), this.missed?.stop()]).then(() => this.publisher.close());
  }
}

/** Without credentials GitHub cannot be asked; deliveries that fail are then repeated by hand, in the hook's settings. */
function missedDeliveries(github: GitHubConfig, publisher: DeliveryPublisher): MissedDeliveries | undefined {
  return github.credentials === undefined ? undefined : new MissedDeliveries({ redis: publisher.home, access: new GitHubAccess(github), everyMs: github.sweepMinutes * 60_000 });
}

export async function openIngestion(config: HostConfig, env: NodeJS.ProcessEnv): Promise<ClassProvider[]> {
  return [{ provide: Ingestion, useValue: await Ingestion.open(config, env) }];
}
