import { redisKeys } from '@cascade/contracts';
import { accessFindings, GitHubAccess, readGitHubConfig, repositoryNamed } from '@cascade/github';
import { atPlace, withPartitions } from '../place.js';
import type { Check } from './check.js';

/** Repositories that GitHub is asked about, a handful of requests each. */
const MAX_REPOSITORIES = 25;
/** For all that is asked of GitHub. */
const WITHIN_MS = 60_000;

/** Whether GitHub can be reached, and what is missing in each repository that was set up, mirrored or linked. */
export async function checkGitHub(env: NodeJS.ProcessEnv): Promise<Omit<Check, 'name'>> {
  const config = readGitHubConfig(env);
  if (config.credentials === undefined) return { ok: true, detail: 'not connected (CASCADE_GITHUB_TOKEN, or an App)' };
  const access = new GitHubAccess(config);
  const signal = AbortSignal.timeout(WITHIN_MS);
  const who = `${await access.whoAmI(signal)} at ${config.api}`;
  const repositories = await configuredRepositories(env);
  const asked = [...repositories].slice(0, MAX_REPOSITORIES);
  const faults: string[] = [];
  for (const [name, hook] of asked) {
    const repository = repositoryNamed(name);
    if (repository !== undefined) faults.push(...(await accessFindings(access, repository, hook, signal)).map((finding) => `${name}: ${finding}`));
  }
  const more = repositories.size > asked.length ? `; of ${repositories.size} the first ${asked.length} were asked for` : '';
  if (faults.length > 0) return { ok: false, detail: `${who}: ${faults.join(' ')}${more}`, advice: 'Change it in the settings of the token, the App or the repository; then `cascade github setup --repo <owner>/<name> --url …` makes what is missing.' };
  return { ok: true, detail: `${who}, ${asked.length === 0 ? 'no repository is set up (`cascade github setup`)' : `who lacks nothing in ${asked.map(([name]) => name).join(', ')}${more}`}` };
}

/** With the hook of each, where it has one. */
async function configuredRepositories(env: NodeJS.ProcessEnv): Promise<ReadonlyMap<string, number | undefined>> {
  return atPlace(env, false, (place) => withPartitions(place, async (partitions) => {
    const hooks = await partitions[0]!.hgetall(redisKeys.githubHooks);
    const others = (await Promise.all(partitions.map(async (redis) => [...await redis.smembers(redisKeys.githubMirrored), ...await redis.hvals(redisKeys.githubRepositories)]))).flat();
    const names = [...new Set([...Object.keys(hooks), ...others])].toSorted((a, b) => a.localeCompare(b));
    return new Map(names.map((name) => [name, hooks[name] === undefined ? undefined : Number(hooks[name])]));
  }));
}
