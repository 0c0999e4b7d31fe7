import { createHash } from 'node:crypto';
import { basename, isAbsolute, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { terminal, type CascadeError } from '@cascade/contracts';
import type { Transport } from './git-environment.js';
import { locateRepository, type LocalRepository } from './local-repository.js';

/** Where a repository is; `key` is the same for every way to write the same place. */
export type RepositorySource =
  | { readonly kind: 'local'; readonly key: string; readonly name: string; readonly local: LocalRepository }
  | { readonly kind: 'remote'; readonly key: string; readonly name: string; readonly url: string; readonly host: string; readonly transport: Transport };

const unsupported = (): CascadeError => terminal('CASC_REPOSITORY_UNSUPPORTED', 'The repository must be a local path or a file://, https:// or ssh address.', { advice: 'For example /home/me/project, https://github.com/me/project.git or git@github.com:me/project.git.' });

const hostName = /^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/;
const remotePath = /^[A-Za-z0-9_~.][A-Za-z0-9_~.+@%/-]{0,900}$/;
const isLoopback = (host: string): boolean => host === 'localhost' || host === '127.0.0.1';

const nameOf = (path: string): string => basename(path.replace(/\/+$/, '')).replace(/\.git$/, '') || 'repository';

function parseUrl(text: string): RepositorySource {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw unsupported();
  }
  const transport = url.protocol === 'https:' ? 'https' : url.protocol === 'ssh:' ? 'ssh' : url.protocol === 'http:' && isLoopback(url.hostname) ? 'http' : undefined;
  if (transport === undefined) throw unsupported();
  if (url.password !== '' || (transport !== 'ssh' && url.username !== '')) {
    throw terminal('CASC_REPOSITORY_HAS_CREDENTIALS', 'The address of the repository holds a user name or a password; it would be stored with the cascade.', { advice: 'Leave them out, and set CASCADE_GIT_TOKEN (for hosts other than github.com also CASCADE_GIT_TOKEN_HOST).' });
  }
  const path = url.pathname.replace(/^\/+|\/+$/g, '');
  if (!hostName.test(url.hostname) || !remotePath.test(path) || url.search !== '' || url.hash !== '' || /^[^a-zA-Z0-9_]/.test(url.username)) throw unsupported();
  const port = url.port === '' ? '' : `:${url.port}`;
  const user = transport === 'ssh' && url.username !== '' ? `${url.username}@` : '';
  return {
    kind: 'remote', transport, host: url.hostname, name: nameOf(path),
    url: `${transport}://${user}${url.hostname}${port}/${path}`,
    key: `${transport}://${user}${url.hostname.toLowerCase()}${port}/${path.replace(/\.git$/, '')}`,
  };
}

/** Ssh's short form, `user@host:path`. */
function parseScp(text: string): RepositorySource | undefined {
  const match = /^([A-Za-z0-9_][A-Za-z0-9_.-]*)@([^/:@\s]+):(?!\/\/)(.+)$/.exec(text);
  if (match === null) return undefined;
  return parseUrl(`ssh://${match[1] ?? ''}@${match[2] ?? ''}/${(match[3] ?? '').replace(/^\/+/, '')}`);
}

/**
 * Understands what a person names as repository: a path (also of a folder inside a repository), file://, https:// or
 * ssh. Nothing but those: git's remote helpers (`ext::…`) would run programs.
 *
 * Throws `CASC_REPOSITORY_NOT_FOUND`, `CASC_NOT_A_REPOSITORY`, `CASC_REPOSITORY_UNSUPPORTED`, `CASC_REPOSITORY_HAS_CREDENTIALS`.
 */
export async function parseSource(text: string): Promise<RepositorySource> {
  const trimmed = text.trim();
  if (trimmed === '' || /[\u0000-\u001f\u007f]/.test(trimmed) || trimmed.startsWith('-') || /^[A-Za-z0-9]+::/.test(trimmed)) throw unsupported();
  if (/^file:\/\//i.test(trimmed)) return await localSource(pathOfFileUrl(trimmed));
  if (/^[A-Za-z][A-Za-z0-9+.-]*:\/\//.test(trimmed)) return parseUrl(trimmed);
  if (!isAbsolute(trimmed)) {
    const scp = parseScp(trimmed);
    if (scp !== undefined) return scp;
  }
  return await localSource(resolve(trimmed));
}

function pathOfFileUrl(text: string): string {
  try {
    return fileURLToPath(text);
  } catch {
    throw unsupported();
  }
}

async function localSource(path: string): Promise<RepositorySource> {
  const local = await locateRepository(path);
  return { kind: 'local', key: `file://${local.commonDir}`, name: nameOf(local.name), local };
}

/** The cache's identity of a repository: readable, and unique by the hash of its key. */
export function repositoryIdOf(source: RepositorySource): string {
  const slug = source.name.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 40).replace(/-+$/, '');
  return `${slug === '' ? 'repository' : slug}-${createHash('sha256').update(source.key).digest('hex').slice(0, 16)}`;
}
