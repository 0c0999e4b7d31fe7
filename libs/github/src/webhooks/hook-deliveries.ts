import { z } from 'zod';
import type { GitHubClient } from '../tracker/github-client.js';
import type { TrackerRepository } from '../tracker/issue-tracker.js';

const PER_PAGE = 100;

/** One attempt of GitHub's to deliver; a repeated one has the same `guid` and an id of its own. */
export interface HookDelivery {
  readonly id: number;
  readonly guid: string;
  /** Unix milliseconds by GitHub's clock, to the second. */
  readonly at: number;
  readonly event: string;
  readonly isDelivered: boolean;
}

export interface DeliveryPage {
  /** Newest first. */
  readonly deliveries: readonly HookDelivery[];
  /** Of the page with older ones. */
  readonly cursor: string | undefined;
}

/** GitHub's log of what one hook was sent in the last three days. */
export interface DeliveryLog {
  page(cursor: string | undefined, signal: AbortSignal): Promise<DeliveryPage>;
  /** Has one sent again, soon. */
  redeliver(id: number, signal: AbortSignal): Promise<void>;
}

const delivery = z.object({ id: z.number().int(), guid: z.string().min(1).max(100), delivered_at: z.iso.datetime({ offset: true }), event: z.string().max(100), status_code: z.number().int() })
  .transform(({ delivered_at: at, status_code: status, ...rest }): HookDelivery => ({ ...rest, at: Date.parse(at), isDelivered: status >= 200 && status < 300 }));
const accepted = z.unknown();

/** Of a repository's hook. */
export function repositoryDeliveries(client: GitHubClient, { owner, name: repo }: TrackerRepository, hook: number): DeliveryLog {
  return logAt(client, 'repos/{owner}/{repo}/hooks/{hook_id}', { owner, repo, hook_id: hook });
}

/** Of a GitHub App's own hook; `client` speaks as the App itself. */
export const appDeliveries = (client: GitHubClient): DeliveryLog => logAt(client, 'app/hook', {});

function logAt(client: GitHubClient, place: string, parameters: Readonly<Record<string, unknown>>): DeliveryLog {
  return {
    page: async (cursor, signal) => {
      const { data, cursor: older } = await client.request(`GET /${place}/deliveries`, { ...parameters, per_page: PER_PAGE, ...(cursor === undefined ? {} : { cursor }) }, { answer: z.array(delivery), signal });
      return { deliveries: data, cursor: older };
    },
    redeliver: async (id, signal) => void await client.request(`POST /${place}/deliveries/{delivery_id}/attempts`, { ...parameters, delivery_id: id }, { answer: accepted, signal }),
  };
}
