import { CascadeError, retryable, terminal, type ErrorCode, type ErrorKind } from '@cascade/contracts';

interface KnownFailure {
  readonly pattern: RegExp;
  readonly kind: Extract<ErrorKind, 'retryable' | 'terminal'>;
  readonly code: ErrorCode;
  readonly message: string;
  readonly advice: string;
}

/** What git says, in the words of a user. First match decides; what is not here is `CASC_GIT_FAILED`, and tried again. */
const knownFailures: readonly KnownFailure[] = [
  { pattern: /No space left on device|Disk quota exceeded/i, kind: 'retryable', code: 'CASC_DISK_FULL', message: 'The disk is full.', advice: 'Free space where CASCADE_CACHE and CASCADE_WORKSPACES are.' },
  { pattern: /dubious ownership/i, kind: 'terminal', code: 'CASC_REPOSITORY_NOT_TRUSTED', message: 'The repository belongs to another user of this machine.', advice: 'Run as that user, or change the owner of the repository.' },
  { pattern: /Authentication failed|could not read (Username|Password)|Permission denied \(|returned error: 40[13]|terminal prompts disabled|Host key verification failed/i, kind: 'terminal', code: 'CASC_REPOSITORY_ACCESS_DENIED', message: 'The repository refuses access.', advice: 'For https set CASCADE_GIT_TOKEN (and CASCADE_GIT_TOKEN_HOST unless it is github.com); for ssh load a key into the agent and add the host to known_hosts.' },
  { pattern: /returned error: 30\d|redirection/i, kind: 'terminal', code: 'CASC_REPOSITORY_MOVED', message: 'The address of the repository leads to another address.', advice: 'Use that address; a token is not sent along.' },
  { pattern: /Repository not found|does not appear to be a git repository|returned error: 404|repository '.*' not found|does not exist/i, kind: 'terminal', code: 'CASC_REPOSITORY_NOT_FOUND', message: 'There is no such repository.', advice: 'Check the path or URL.' },
  { pattern: /fsck|hasDot|error in (tree|commit|tag|blob)|invalid path|disallow/i, kind: 'terminal', code: 'CASC_REPOSITORY_MALFORMED', message: 'The repository holds objects that git refuses as malformed or dangerous.', advice: 'Run `git fsck` in it.' },
  { pattern: /Could not resolve host|Connection (refused|reset|timed out)|Operation (timed out|too slow)|early EOF|RPC failed|returned error: 5\d\d|remote end hung up|Failed to connect|Network is unreachable/i, kind: 'retryable', code: 'CASC_REPOSITORY_UNREACHABLE', message: 'The repository cannot be reached.', advice: 'Check the network and the URL, then start again.' },
  { pattern: /Read-only file system|insufficient permission|Permission denied/i, kind: 'terminal', code: 'CASC_REPOSITORY_READ_ONLY', message: 'Files of the repository or the cache must not be written or read.', advice: 'Give the user that runs Cascade access to the repository, CASCADE_CACHE and CASCADE_WORKSPACES.' },
];

/** Somebody else holds a ref, an index or a configuration file; or did, and was killed. */
export const isLockFailure = (stderr: string): boolean => /Unable to create '.*\.lock': File exists|could not lock config file|cannot lock ref '.*': Unable to create/i.test(stderr);

const MESSAGE_LINES = 6;

/** Git's own words, without credentials and without the places of this machine that they may name. */
export function redact(text: string): string {
  return text
    .replace(/([a-z][a-z0-9+.-]*:\/\/)[^/\s@']*@/gi, '$1')
    .replace(/(authorization:\s*)\S.*/gi, '$1(hidden)')
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f\u001b]/g, '');
}

/** The error for a git call that failed: a code, what happened, what to do. Never holds arguments or environment. */
export function gitFailure(operation: string, stderr: string): CascadeError {
  const findings = redact(stderr).split('\n').map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('hint:')).slice(-MESSAGE_LINES).map((line) => line.slice(0, 500));
  const known = knownFailures.find(({ pattern }) => pattern.test(stderr));
  if (known === undefined) return retryable('CASC_GIT_FAILED', `git ${operation} failed: ${findings.at(-1) ?? 'no message'}`, { findings });
  return (known.kind === 'terminal' ? terminal : retryable)(known.code, known.message, { advice: known.advice, findings });
}
