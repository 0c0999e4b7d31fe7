import { z } from 'zod';
import { asCascadeError, type Secret } from '@cascade/contracts';
import type { GitHubAccess } from '../tracker/github-access.js';
import type { IssueTracker, Label, TrackerRepository } from '../tracker/issue-tracker.js';
import { ensureHook, type MadeHook } from './hooks.js';

/** What Cascade does in a repository takes so much; names as GitHub's settings show them. */
const neededPermissions: Readonly<Record<string, 'read' | 'write'>> = { metadata: 'read', issues: 'write', pull_requests: 'write', contents: 'write', repository_hooks: 'write' };
const ranks: readonly (string | undefined)[] = ['read', 'write', 'admin'];

const repositoryAnswer = z.object({ full_name: z.string(), has_issues: z.boolean().optional(), archived: z.boolean().optional(), permissions: z.object({ push: z.boolean(), admin: z.boolean() }).optional() });
const installationAnswer = z.object({ permissions: z.record(z.string(), z.string()) });

export interface SetUpOptions {
  readonly access: GitHubAccess;
  readonly tracker: IssueTracker;
  readonly url: string;
  readonly secret: Secret;
  readonly labels: readonly Label[];
}

export interface SetUp {
  /** As GitHub spells it, which is not always how it was asked for; undefined when it cannot be read. */
  readonly repository: string | undefined;
  readonly hook: MadeHook | undefined;
  /** Whether all labels are there. */
  readonly hasLabels: boolean;
  /** What these credentials may not do, and what is wrong with the repository: one sentence each. */
  readonly findings: readonly string[];
}

/**
 * Makes a repository ready: labels, hook, and a look at what the credentials may do. What fails is found and the rest is
 * done nevertheless, so that one run names everything that is missing. Throws when GitHub cannot be asked at all.
 */
export async function setUpRepository(repository: TrackerRepository, { access, tracker, url, secret, labels }: SetUpOptions): Promise<SetUp> {
  const findings: string[] = [];
  const tried = async <T>(work: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await work();
    } catch (thrown) {
      const error = asCascadeError(thrown);
      if (error.kind === 'retryable' || error.code === 'CASC_GITHUB_UNAUTHORIZED' || error.code === 'CASC_GITHUB_NOT_CONFIGURED') throw error;
      findings.push([error.message, error.advice].filter((text) => text !== undefined).join(' '));
      return undefined;
    }
  };
  findings.push(...await tried(() => missingOfApp(access, repository)) ?? []);
  const found = await tried(() => lookAt(access, repository));
  if (found === undefined) return { repository: undefined, hook: undefined, hasLabels: false, findings };
  findings.push(...found.findings);
  const hasLabels = await tried(async () => { await tracker.ensureLabels(repository, labels); return true; }) ?? false;
  const hook = await tried(async () => ensureHook(await access.clientFor(repository, 'hooks'), repository, { url, secret }));
  return { repository: found.name, hook, hasLabels, findings };
}

/** What the App was not granted here; nothing with a token, whose permissions cannot be asked for. */
async function missingOfApp(access: GitHubAccess, { owner, name: repo }: TrackerRepository): Promise<string[]> {
  const client = access.asApp;
  if (client === undefined) return [];
  const { data: { permissions: granted } } = await client.request('GET /repos/{owner}/{repo}/installation', { owner, repo }, { answer: installationAnswer });
  return Object.entries(neededPermissions).filter(([name, level]) => ranks.indexOf(granted[name]) < ranks.indexOf(level))
    .map(([name, level]) => `The App's installation lacks the permission ${name}: ${level}.`);
}

async function lookAt(access: GitHubAccess, repository: TrackerRepository): Promise<{ readonly name: string; readonly findings: readonly string[] }> {
  const client = await access.clientFor(repository);
  const { data } = await client.request('GET /repos/{owner}/{repo}', { owner: repository.owner, repo: repository.name }, { answer: repositoryAnswer });
  const isToken = access.asApp === undefined;
  return {
    name: data.full_name,
    findings: [
      ...(data.archived === true ? ['The repository is archived: nothing in it can be changed.'] : []),
      ...(data.has_issues === false ? ['Issues are switched off in the repository\'s settings.'] : []),
      ...(isToken && data.permissions?.push === false ? ['Whose token this is may not write to the repository (role write): no labels, no branch, no pull request.'] : []),
      ...(isToken && data.permissions?.admin === false ? ['Whose token this is does not administer the repository (role admin), which making a hook takes.'] : []),
    ],
  };
}
