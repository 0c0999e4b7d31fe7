import { terminal } from '@cascade/contracts';
import type { OpenedRepository } from './repository-cache.js';

const LISTED_BRANCHES = 10;

/** The branch that is meant: the named one, else the one that is checked out, else main or master. Throws `CASC_REPOSITORY_EMPTY`, `CASC_BRANCH_NOT_FOUND`. */
export function chooseBranch({ heads, defaultBranch, source }: OpenedRepository, wanted: string | undefined): string {
  if (heads.size === 0) throw terminal('CASC_REPOSITORY_EMPTY', `The repository ${source.name} has no commit yet.`, { advice: 'Commit something first: Cascade starts from a commit.' });
  const name = wanted ?? defaultBranch ?? (heads.has('main') ? 'main' : heads.has('master') ? 'master' : undefined);
  if (name !== undefined && heads.has(name)) return name;
  const names = [...heads.keys()];
  const shown = names.slice(0, LISTED_BRANCHES);
  const more = names.length > shown.length ? ` and ${names.length - shown.length} more` : '';
  throw terminal('CASC_BRANCH_NOT_FOUND', name === undefined ? 'No branch is checked out in the repository.' : `The repository has no branch ${JSON.stringify(name.slice(0, 100))}.`, { advice: `Name one of its branches: ${shown.join(', ')}${more}.`, findings: shown });
}
