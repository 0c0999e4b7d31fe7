import { types } from 'node:util';
import { isCascadeError, retryable, terminal, type CascadeError, type ErrorDetails } from '@cascade/contracts';

/** What of an answer that was not a success decides which error it is. */
export interface Refusal {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | number | undefined>>;
  /** GitHub's own words. */
  readonly said: string;
}

/** GitHub asks for a minute where a secondary limit names no time. */
const UNSAID_WAIT_MS = 60_000;
const MAX_SAID_CHARS = 300;

/**
 * What Octokit threw, as one of ours. `what` names the request, e.g. `PATCH /repos/o/r/issues/1`; `redact` takes the
 * credentials out of texts, for a server may repeat what it was sent. Octokit's own errors hold the whole request and
 * are therefore not kept as a cause.
 */
export function errorOf(thrown: unknown, what: string, redact: (text: string) => string = (text) => text): CascadeError {
  if (isCascadeError(thrown)) return thrown;
  const inner = types.isNativeError(thrown) ? thrown.cause : undefined;
  if (isCascadeError(inner)) return inner;
  const refusal = refusalOf(thrown) ?? graphqlRefusalOf(thrown);
  if (refusal !== undefined) return refusedError({ ...refusal, said: redact(refusal.said) }, what);
  return retryable('CASC_GITHUB_UNAVAILABLE', `${what}: GitHub could not be reached: ${bounded(redact(reasonOf(thrown)))}`, { advice: 'Check the network and CASCADE_GITHUB_API.' });
}

/** The error for an answer with a status of 400 or above. */
export function refusedError(refusal: Refusal, what: string, now = Date.now()): CascadeError {
  const { status, headers } = refusal;
  const said = bounded(refusal.said);
  const waitMs = limitWait(refusal, now);
  if (waitMs !== undefined) {
    return retryable('CASC_GITHUB_LIMITED', `${what}: GitHub asks to wait ${Math.ceil(waitMs / 1000)} s (${status}): ${said}`, {
      advice: 'It goes on by itself. An App has higher limits than a token of a person.', retryAfterMs: waitMs,
    });
  }
  const failed = (code: Parameters<typeof terminal>[0], verb: string, details?: ErrorDetails): CascadeError => terminal(code, `${what}: GitHub ${verb} (${status}): ${said}`, details);
  if (status === 401) return failed('CASC_GITHUB_UNAUTHORIZED', 'does not know the credentials', { advice: 'Check CASCADE_GITHUB_TOKEN, or CASCADE_GITHUB_APP_ID and CASCADE_GITHUB_PRIVATE_KEY, and that they belong to CASCADE_GITHUB_API.' });
  if (status === 403 || status === 451) return failed('CASC_GITHUB_FORBIDDEN', 'does not allow it', { advice: permissionAdvice(headers) });
  if (status === 404) return failed('CASC_GITHUB_NOT_FOUND', 'knows no such thing', { advice: `Check its name. GitHub says the same where credentials may not read. ${permissionAdvice(headers)}` });
  if (status === 410) return failed('CASC_GITHUB_GONE', 'has it no more', { advice: 'It was deleted, or issues are switched off in the repository\'s settings.' });
  if (status >= 500 || status === 408 || status === 409 || status === 425) {
    return retryable('CASC_GITHUB_UNAVAILABLE', `${what}: GitHub failed (${status}): ${said}`, { advice: 'See https://www.githubstatus.com; it is tried again.' });
  }
  return failed('CASC_GITHUB_INVALID', 'refused it', { advice: 'What was sent does not fit: the message names the field.' });
}

/** GitHub answered, but not with what its documentation says. */
export function invalidAnswer(what: string, problems: readonly string[]): CascadeError {
  return retryable('CASC_GITHUB_INVALID_ANSWER', `${what}: the answer is not what GitHub's API gives: ${bounded(problems.slice(0, 5).join('; '))}`, {
    advice: 'Check that CASCADE_GITHUB_API is the address of a GitHub API, of Enterprise Server 3.14 or newer.',
  });
}

/** Milliseconds that GitHub asks to wait, by its documentation's order; undefined when the answer is about no limit. */
function limitWait({ status, headers, said }: Refusal, now: number): number | undefined {
  if (status !== 403 && status !== 429) return undefined;
  const told = Number(headers['retry-after']);
  if (told > 0) return told * 1000;
  // A second more: the reset is rounded down.
  if (String(headers['x-ratelimit-remaining']) === '0') return Math.max(1000, Number(headers['x-ratelimit-reset'] ?? 0) * 1000 - now + 1000);
  return status === 429 || /secondary rate|rate limit/i.test(said) ? UNSAID_WAIT_MS : undefined;
}

function permissionAdvice(headers: Refusal['headers']): string {
  const permissions = headers['x-accepted-github-permissions'];
  if (permissions !== undefined && permissions !== '') {
    // Alternatives are separated by semicolons, what goes together by commas: `issues=write; pull_requests=write`.
    const named = String(permissions).split(';').map((one) => one.split(',').map((pair) => pair.trim().replace('=', ': ')).join(' and ')).join(', or ');
    return `The token or the App needs the permission ${named} on this repository.`;
  }
  const scopes = headers['x-accepted-oauth-scopes'];
  if (scopes !== undefined && scopes !== '') return `The token needs one of the scopes ${String(scopes)}.`;
  return 'Check what the token or the App may do on this repository, and that it is not archived.';
}

/** Octokit's RequestError without a response is a request that got no answer. */
function refusalOf(thrown: unknown): Refusal | undefined {
  if (typeof thrown !== 'object' || thrown === null || !('response' in thrown)) return undefined;
  const response = thrown.response as { status?: unknown; headers?: Refusal['headers'] } | undefined;
  if (typeof response?.status !== 'number') return undefined;
  return { status: response.status, headers: response.headers ?? {}, said: types.isNativeError(thrown) ? thrown.message : '' };
}

const graphqlStatus: Readonly<Record<string, number>> = { NOT_FOUND: 404, FORBIDDEN: 403, INSUFFICIENT_SCOPES: 403, RATE_LIMITED: 429 };

/** GraphQL says with status 200 what went wrong. */
function graphqlRefusalOf(thrown: unknown): Refusal | undefined {
  if (!types.isNativeError(thrown) || !('errors' in thrown) || !Array.isArray(thrown.errors)) return undefined;
  const [first] = thrown.errors as { type?: unknown }[];
  const headers = 'headers' in thrown ? thrown.headers as Refusal['headers'] : {};
  return { status: graphqlStatus[String(first?.type)] ?? 422, headers, said: thrown.message };
}

/** undici says only "fetch failed"; the reason, e.g. ECONNREFUSED, is its cause. */
function reasonOf(thrown: unknown): string {
  let inner: unknown = thrown;
  for (let depth = 0; depth < 5 && types.isNativeError(inner) && types.isNativeError(inner.cause); depth += 1) inner = inner.cause;
  return types.isNativeError(inner) ? inner.message : String(inner);
}

function bounded(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > MAX_SAID_CHARS ? `${line.slice(0, MAX_SAID_CHARS)}…` : line;
}
