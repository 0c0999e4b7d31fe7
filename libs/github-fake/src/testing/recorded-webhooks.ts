import { createRequire } from 'node:module';

export type RecordedWebhook = Readonly<Record<string, unknown>> & { readonly action?: string };

interface Recorded {
  readonly name: string;
  readonly examples: readonly RecordedWebhook[];
}

const loaded = createRequire(import.meta.url)('@octokit/webhooks-examples') as readonly Recorded[] | { readonly default: readonly Recorded[] };

/** Payloads that GitHub sent, recorded by Octokit. */
export const recordedWebhooks: readonly Recorded[] = 'default' in loaded ? loaded.default : loaded;
