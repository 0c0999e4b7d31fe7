import type { TrackerRepository } from './tracker/issue-tracker.js';

const name = '([A-Za-z0-9_.-]{1,100})';
const path = new RegExp(`^/?${name}/${name}$`);

/** `owner/name` as a repository; undefined when it is none. */
export function repositoryNamed(fullName: string): TrackerRepository | undefined {
  const [, owner, repository] = path.exec(fullName) ?? [];
  return owner === undefined || repository === undefined || /^\.+$/.test(owner) || /^\.+$/.test(repository) ? undefined : { owner, name: repository };
}

export const fullNameOf = ({ owner, name: repository }: TrackerRepository): string => `${owner}/${repository}`;

/**
 * The repository on the GitHub at `host` (with its port where it has one) that an address of git means: https and ssh,
 * ssh's short form, with `.git` or without. undefined for paths and other hosts.
 */
export function repositoryAtAddress(address: string, host: string): TrackerRepository | undefined {
  const short = /^[A-Za-z0-9_][A-Za-z0-9_.-]*@([^/:@\s]+):(?!\/\/)(.+)$/.exec(address.trim());
  const url = URL.parse(short === null ? address.trim() : `ssh://${short[1]}/${short[2]}`);
  if (url === null || !['https:', 'http:', 'ssh:'].includes(url.protocol)) return undefined;
  // Over ssh the port is ssh's own, so only the name tells.
  const isThere = url.protocol === 'ssh:' ? url.hostname.toLowerCase() === host.replace(/:\d+$/, '').toLowerCase() : url.host.toLowerCase() === host.toLowerCase();
  return isThere ? repositoryNamed(url.pathname.replace(/\/+$/, '').replace(/\.git$/, '')) : undefined;
}

/** The one address by which cascades know a repository: `web` is `https://github.com`. */
export const addressOfRepository = (repository: TrackerRepository, web: string): string => `${web}/${fullNameOf(repository)}`;
