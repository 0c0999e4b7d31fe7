import { terminal, type Secret } from '@cascade/contracts';
import { beginRequest } from './count-request.js';

export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

export interface FetchBounds {
  /** Of one exchange: connecting, waiting, and reading the body to its end. */
  readonly timeoutMs: number;
  readonly maxBytes: number;
}

/** A page of 100 issues with bodies of 65,536 characters is 26 MB at worst. */
export const defaultBounds: FetchBounds = { timeoutMs: 30_000, maxBytes: 32 * 1024 * 1024 };

const MAX_REDIRECTS = 3;
const isRedirect = new Set([301, 302, 307, 308]);
/** The Fetch standard allows no body for these. */
const bodiless = new Set([204, 205, 304]);

/**
 * The `fetch` that Octokit is given. It adds the credentials, so that Octokit never has them and cannot put them into an
 * error; ends with the caller's signal, in time and within a size; and repeats a request verbatim where a renamed
 * repository or a moved issue says that it is now, as GitHub asks for (the standard would turn a POST into a GET), but
 * never at another server.
 */
export function githubFetch(token: () => Promise<Secret>, bounds: FetchBounds = defaultBounds, inner: Fetch = fetch): Fetch {
  return async (input, init) => {
    const ended = beginRequest(init?.method);
    const timeout = AbortSignal.timeout(bounds.timeoutMs);
    const signal = init?.signal ? AbortSignal.any([init.signal, timeout]) : timeout;
    try {
      const headers = new Headers(init?.headers);
      headers.set('authorization', `Bearer ${(await token()).reveal()}`);
      const response = await followed(inner, new URL(input instanceof Request ? input.url : input), { ...init, headers, signal, redirect: 'manual' });
      ended(response);
      const body = bodiless.has(response.status) ? null : await readBounded(response, bounds.maxBytes);
      return new Response(body, { status: response.status, headers: withoutEncoding(response.headers) });
    } catch (error) {
      ended(undefined);
      // Octokit knows an abort by this name, and repeats everything else.
      if (init?.signal?.aborted) throw new DOMException('The call was given up.', 'AbortError');
      if (timeout.aborted) throw new TypeError('fetch failed', { cause: new DOMException(`no whole answer within ${bounds.timeoutMs} ms`, 'TimeoutError') });
      throw error;
    }
  };
}

async function followed(inner: Fetch, first: URL, init: RequestInit): Promise<Response> {
  let address = first;
  for (let redirects = 0; ; redirects += 1) {
    const response = await inner(address, init);
    const location = response.headers.get('location');
    const next = location === null ? null : URL.parse(location, address.href);
    if (!isRedirect.has(response.status) || next === null || next.origin !== first.origin || redirects === MAX_REDIRECTS) return response;
    await response.body?.cancel();
    address = next;
  }
}

/** The body is decoded by now. */
function withoutEncoding(headers: Headers): Headers {
  const kept = new Headers(headers);
  for (const name of ['content-encoding', 'content-length', 'transfer-encoding']) kept.delete(name);
  return kept;
}

async function readBounded(response: Response, maxBytes: number): Promise<Uint8Array<ArrayBuffer> | null> {
  if (response.body === null) return null;
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    // Leaving the loop by an error cancels the body, which closes the connection.
    if (bytes > maxBytes) throw terminal('CASC_GITHUB_ANSWER_TOO_LARGE', `GitHub sent more than ${maxBytes} bytes for one answer.`, { advice: 'Check that CASCADE_GITHUB_API is the address of a GitHub API.' });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
