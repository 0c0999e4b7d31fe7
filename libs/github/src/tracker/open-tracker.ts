import type { Redis } from 'ioredis';
import { terminal } from '@cascade/contracts';
import { unlimitedCreations, type CreationBudget } from './creation-budget.js';
import { GitHubAccess, tokenName, type AccessOptions } from './github-access.js';
import { requireCredentials, type GitHubConfig } from './github-config.js';
import type { IssueTracker, TrackerRepository } from './issue-tracker.js';
import { McpConnection } from './mcp/mcp-connection.js';
import { McpTracker } from './mcp/mcp-tracker.js';
import { RedisCreationBudget } from './redis-creation-budget.js';
import { RestTracker } from './rest-tracker.js';

export interface OpenedTracker {
  readonly tracker: IssueTracker;
  /** Milliseconds until `count` more issues, comments or sub-issues are created, at the pace that GitHub allows. */
  timeToCreate(repository: TrackerRepository, count: number): Promise<number>;
  /** Ends what the tracker keeps open. */
  close(): Promise<void>;
}

export interface TrackerOptions extends Omit<AccessOptions, 'budget'> {
  /** Where processes share what they may create; the same for all of them, whichever partition they serve. */
  readonly redis?: Redis;
}

/**
 * The tracker that `config` chooses. Throws `CASC_GITHUB_NOT_CONFIGURED` when there are no credentials, and
 * `CASC_GITHUB_UNAVAILABLE` when an MCP server cannot be spoken to.
 */
export async function openTracker(config: GitHubConfig, { redis, ...options }: TrackerOptions = {}): Promise<OpenedTracker> {
  const budget = redis !== undefined && config.hasLimits ? new RedisCreationBudget(redis) : unlimitedCreations;
  if (config.tracker === 'mcp') return await openMcpTracker(config, budget, options);
  const access = new GitHubAccess(config, { ...options, budget });
  return {
    tracker: new RestTracker(access),
    timeToCreate: async (repository, count) => await (await access.clientFor(repository)).timeToCreate(count),
    close: async () => undefined,
  };
}

async function openMcpTracker(config: GitHubConfig, budget: CreationBudget, { pause }: TrackerOptions): Promise<OpenedTracker> {
  const credentials = requireCredentials(config.credentials);
  if (credentials.kind !== 'token' || config.mcp === undefined) throw terminal('CASC_GITHUB_NOT_CONFIGURED', 'The MCP server needs CASCADE_GITHUB_TOKEN and CASCADE_GITHUB_MCP.');
  const installation = tokenName(credentials.token);
  const connection = new McpConnection({ server: config.mcp, token: credentials.token, web: config.web, budget, installation, pause });
  try {
    const tracker = await McpTracker.open(connection);
    return { tracker, timeToCreate: (_, count) => budget.timeFor(installation, count), close: () => connection.close() };
  } catch (error) {
    await connection.close();
    throw error;
  }
}
