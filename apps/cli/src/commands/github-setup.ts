import path from 'node:path';
import { redisKeys, terminal, type Secret } from '@cascade/contracts';
import { GitHubAccess, labelDefinitions, openTracker, readGitHubConfig, repositoryNamed, setUpRepository, type GitHubConfig, type SetUp, type TrackerRepository } from '@cascade/github';
import { redisTime } from '@cascade/streams';
import { withPlace, type CommandContext, type SharedOptions } from '../command-context.js';
import { exitCodes } from '../exit-codes.js';
import { isRemote, withPartitions, type Place } from '../place.js';
import { harmless, type Screen } from '../screen.js';

const WEBHOOK_PATH = '/webhooks/github';

export interface SetupOptions extends SharedOptions {
  readonly repo: string;
  readonly url: string;
  readonly path?: string;
}

/**
 * Sets a repository up. Ends with 3 when something is missing, which is named. Throws `CASC_USAGE`,
 * `CASC_CONFIGURATION_INVALID`, `CASC_GITHUB_NOT_CONFIGURED` (terminal), and what asking GitHub throws.
 */
export async function setup(options: SetupOptions, context: CommandContext): Promise<number> {
  const config = readGitHubConfig(context.env);
  const { screen, env } = context;
  const isElsewhere = isRemote(env, options.remote);
  const [repository, url, secret] = [asked(options.repo), webhookUrl(options.url), secretOf(config)];
  // As `cascade run --repo` names it.
  const folder = options.path === undefined || isElsewhere ? options.path : path.resolve(options.path);
  return withPlace(context, isElsewhere, async (place) => {
    const done = await setUp(config, repository, url, secret);
    await remember(place, done, folder);
    if (options.json === true) screen.data(JSON.stringify({ ...done, url, path: folder }));
    else tell(done, url, folder, screen);
    return done.findings.length === 0 ? exitCodes.done : exitCodes.failed;
  });
}

async function setUp(config: GitHubConfig, repository: TrackerRepository, url: string, secret: Secret): Promise<SetUp> {
  const opened = await openTracker(config);
  try {
    return await setUpRepository(repository, { access: new GitHubAccess(config), tracker: opened.tracker, url, secret, labels: labelDefinitions(config.label) });
  } finally {
    await opened.close();
  }
}

/** What the services read: hooks are caught up with by whoever leads, links are looked up where a cascade is. */
async function remember(place: Place, { repository, hook }: SetUp, folder: string | undefined): Promise<void> {
  if (repository === undefined) return;
  await withPartitions(place, async (partitions) => {
    if (hook !== undefined) await partitions[0]!.hset(redisKeys.githubHooks, repository, hook.id);
    for (const redis of partitions) {
      // What was said or labelled before asks for nothing.
      await redis.hsetnx(redisKeys.githubSweep(repository), 'begun', new Date(await redisTime(redis)).toISOString());
      await redis.sadd(redisKeys.githubMirrored, repository);
    }
    if (folder !== undefined) for (const redis of partitions) await redis.hset(redisKeys.githubRepositories, folder, repository);
  });
}

function tell({ repository, hook, hasLabels, findings }: SetUp, url: string, folder: string | undefined, screen: Screen): void {
  if (hook !== undefined) screen.data(`${repository}: the hook to ${url} ${hook.isNew ? 'is made' : 'has today\'s events and secret'}`);
  if (hasLabels) screen.data(`${repository}: the labels are there`);
  if (repository !== undefined && folder !== undefined) screen.data(`${harmless(folder)} belongs to ${repository}`);
  for (const finding of findings) screen.notice(`${screen.style('red', 'Missing:')} ${harmless(finding)}`);
}

function asked(repo: string): TrackerRepository {
  const repository = repositoryNamed(repo);
  if (repository === undefined) throw terminal('CASC_USAGE', 'A repository on GitHub is named owner/name.', { advice: '`cascade github setup --help` shows what is expected.' });
  return repository;
}

/** GitHub sends over https only what nobody on the way may read; a plain address is for a GitHub on this machine. */
function webhookUrl(text: string): string {
  const url = URL.parse(text);
  const isLocal = url?.protocol === 'http:' && /^(127(\.\d+){3}|localhost|\[::1\])$/.test(url.hostname);
  if (url === null || (url.protocol !== 'https:' && !isLocal) || url.username !== '' || url.hash !== '' || url.search !== '') {
    throw terminal('CASC_USAGE', 'The address for webhooks is https://…, as GitHub reaches it.', { advice: 'It is that of github-webhook, or of the proxy in front of it, e.g. https://cascade.example.com.' });
  }
  return url.pathname === '/' ? `${url.origin}${WEBHOOK_PATH}` : url.href;
}

function secretOf({ webhookSecrets: [newest] }: GitHubConfig): Secret {
  if (newest !== undefined) return newest;
  throw terminal('CASC_CONFIGURATION_INVALID', 'CASCADE_GITHUB_WEBHOOK_SECRETS is not set: GitHub signs deliveries with a secret that github-webhook knows.', { advice: 'Set it to a long random text, here and for github-webhook, e.g. from `openssl rand -hex 32`. To change it, put the new one in front of the old one, separated by a comma.' });
}
