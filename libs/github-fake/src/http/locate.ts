import { movedTo, notFound } from '../world/refusal.js';
import { type Repository } from '../world/types.js';
import { type World } from '../world/world.js';
import { type Route } from './router.js';

/**
 * The repository that a path names, if it names one.
 *
 * @throws Refusal 301 when it has another name now, 404 when there is none
 */
export function locate(world: World, route: Route, url: URL): Repository | undefined {
  const { owner, repo } = route.params;
  if (owner === undefined || repo === undefined) return undefined;
  const found = world.repository(owner, repo);
  if (found !== undefined) return found;
  const renamed = world.formerNames.get(`${owner}/${repo}`.toLowerCase());
  if (renamed === undefined) throw notFound();
  const below = url.pathname.split('/').slice(4).join('/');
  throw movedTo(`${world.root()}/repositories/${renamed.id}${below === '' ? '' : `/${below}`}${url.search}`);
}
