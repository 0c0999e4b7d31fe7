import type { Secret } from '@cascade/contracts';
import type { GitHubAccess } from '../tracker/github-access.js';
import type { IssueTracker, Label, TrackerRepository } from '../tracker/issue-tracker.js';
import { ensureHook, type MadeHook } from './hooks.js';
import { Findings, lookAtRepository } from './repository-access.js';

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
  const findings = new Findings();
  const name = await lookAtRepository(access, repository, findings);
  if (name === undefined) return { repository: undefined, hook: undefined, hasLabels: false, findings: findings.all };
  const hasLabels = await findings.tried(async () => { await tracker.ensureLabels(repository, labels); return true; }) ?? false;
  const hook = await findings.tried(async () => ensureHook(await access.clientFor(repository, 'hooks'), repository, { url, secret }));
  return { repository: name, hook, hasLabels, findings: findings.all };
}
