import { z } from 'zod';
import { asCascadeError, isCascadeError } from '@cascade/contracts';
import type { GitHubAccess } from '../tracker/github-access.js';
import type { TrackerRepository } from '../tracker/issue-tracker.js';
import { hookAnswer } from './hooks.js';

/** What Cascade does in a repository takes so much; names as GitHub's settings show them. */
const neededPermissions: Readonly<Record<string, 'read' | 'write'>> = { metadata: 'read', issues: 'write', pull_requests: 'write', contents: 'write', repository_hooks: 'write' };
const ranks: readonly (string | undefined)[] = ['read', 'write', 'admin'];

const repositoryAnswer = z.object({ full_name: z.string(), has_issues: z.boolean().optional(), archived: z.boolean().optional(), permissions: z.object({ push: z.boolean(), admin: z.boolean() }).optional() });
const installationAnswer = z.object({ permissions: z.record(z.string(), z.string()) });

/** A fine-grained token may not be asked what it may do; GitHub refuses these by the name of the permission that is missing. */
const readsByPermission = ['GET /repos/{owner}/{repo}/issues', 'GET /repos/{owner}/{repo}/pulls', 'GET /repos/{owner}/{repo}/branches', 'GET /repos/{owner}/{repo}/hooks'] as const;

/** What is wrong with a repository and with the credentials for it: one sentence each. */
export class Findings {
  readonly all: string[] = [];

  add(...findings: readonly string[]): void {
    this.all.push(...findings);
  }

  /** What `work` gives; what it was refused is found. Throws when GitHub cannot be asked at all. */
  async tried<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (thrown) {
      const error = asCascadeError(thrown);
      if (error.kind === 'retryable' || error.kind === 'cancelled' || error.code === 'CASC_GITHUB_UNAUTHORIZED' || error.code === 'CASC_GITHUB_NOT_CONFIGURED') throw error;
      this.add([error.message, error.advice].filter((text) => text !== undefined).join(' '));
      return undefined;
    }
  }
}

/** Adds what the credentials lack and what is wrong with the repository; gives its name as GitHub spells it, undefined when it cannot be read. */
export async function lookAtRepository(access: GitHubAccess, repository: TrackerRepository, findings: Findings, signal?: AbortSignal): Promise<string | undefined> {
  findings.add(...await findings.tried(() => missingOfApp(access, repository, signal)) ?? []);
  const found = await findings.tried(() => look(access, repository, signal));
  findings.add(...found?.findings ?? []);
  return found?.name;
}

/**
 * What is missing for working in a repository that was set up: permissions, roles, the hook. Changes nothing, so of a
 * fine-grained token it finds what it may not read, and not what it may read and not write. Throws when GitHub cannot be asked.
 */
export async function accessFindings(access: GitHubAccess, repository: TrackerRepository, hook: number | undefined, signal?: AbortSignal): Promise<readonly string[]> {
  const findings = new Findings();
  await lookAtRepository(access, repository, findings, signal);
  if (findings.all.length > 0) return findings.all;
  const { owner, name: repo } = repository;
  if (access.asApp === undefined) {
    const client = await access.clientFor(repository, 'tracker', signal);
    for (const route of readsByPermission) await findings.tried(() => client.request(route, { owner, repo, per_page: 1 }, { answer: z.array(z.unknown()), signal }));
  }
  if (findings.all.length === 0 && hook !== undefined) findings.add(...await findings.tried(() => missingOfHook(access, repository, hook, signal)) ?? []);
  return findings.all;
}

/** What the App was not granted here; nothing with a token, whose permissions cannot be asked for. */
async function missingOfApp(access: GitHubAccess, { owner, name: repo }: TrackerRepository, signal?: AbortSignal): Promise<string[]> {
  const client = access.asApp;
  if (client === undefined) return [];
  const { data: { permissions: granted } } = await client.request('GET /repos/{owner}/{repo}/installation', { owner, repo }, { answer: installationAnswer, signal });
  return Object.entries(neededPermissions).filter(([name, level]) => ranks.indexOf(granted[name]) < ranks.indexOf(level))
    .map(([name, level]) => `The App's installation lacks the permission ${name}: ${level}.`);
}

async function look(access: GitHubAccess, repository: TrackerRepository, signal?: AbortSignal): Promise<{ readonly name: string; readonly findings: readonly string[] }> {
  const client = await access.clientFor(repository, 'tracker', signal);
  const { data } = await client.request('GET /repos/{owner}/{repo}', { owner: repository.owner, repo: repository.name }, { answer: repositoryAnswer, signal });
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

async function missingOfHook(access: GitHubAccess, repository: TrackerRepository, id: number, signal?: AbortSignal): Promise<string[]> {
  const client = await access.clientFor(repository, 'hooks', signal);
  try {
    const { data } = await client.request('GET /repos/{owner}/{repo}/hooks/{hook_id}', { owner: repository.owner, repo: repository.name, hook_id: id }, { answer: hookAnswer, signal });
    return data.active === false ? ['The webhook is switched off in the repository\'s settings.'] : [];
  } catch (error) {
    if (!isCascadeError(error) || error.code !== 'CASC_GITHUB_NOT_FOUND') throw error;
    return [`The webhook ${id} is gone: \`cascade github setup\` makes it again.`];
  }
}
