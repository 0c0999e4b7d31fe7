import { Octokit } from '@octokit/rest';
import { retry } from '@octokit/plugin-retry';
import { throttling } from '@octokit/plugin-throttling';
import type { z } from 'zod';
import { isCascadeError, type Secret } from '@cascade/contracts';
import { abortErrorOf, untilAborted } from '@cascade/streams';
import { names, traced } from '@cascade/telemetry';
import { unlimitedCreations, type CreationBudget } from './creation-budget.js';
import { errorOf, invalidAnswer } from './github-errors.js';
import { githubFetch, type FetchBounds } from './github-fetch.js';
import { afterLimits, type Pause } from './limit-waits.js';

const ThrottledOctokit = Octokit.plugin(throttling, retry);

export interface ClientOptions {
  readonly api: string;
  /** Whose limits are used up: requests of one installation are spaced together, whichever repository they are about. */
  readonly installation: string;
  /** The credentials of the next request; `renewed` says that GitHub did not take the ones before. */
  readonly token: (renewed: boolean) => Promise<Secret>;
  /** Whether writes are spaced as GitHub asks for. */
  readonly hasLimits: boolean;
  readonly budget?: CreationBudget | undefined;
  readonly bounds?: FetchBounds | undefined;
  /** Milliseconds before the first repetition of a read; the next ones wait 4 and 9 times as long. */
  readonly retryDelayMs?: number | undefined;
  readonly pause?: Pause | undefined;
}

export interface Asked<T> {
  readonly answer: z.ZodType<T>;
  readonly signal?: AbortSignal | undefined;
  /** Of an earlier answer: `'unchanged'` comes back when it still holds. */
  readonly etag?: string | undefined;
  /** Makes something that notifies people: takes from the budget, and is never repeated, because its answer may have been lost. */
  readonly creates?: boolean;
}

export interface Answer<T> {
  readonly data: T;
  readonly etag: string | undefined;
  readonly hasMore: boolean;
  /** Of the next page, where pages have no numbers. */
  readonly cursor: string | undefined;
}

interface RawAnswer {
  readonly status: number;
  readonly data: unknown;
  readonly headers: Readonly<Record<string, string | number | undefined>>;
}

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/**
 * Requests to one GitHub with one set of credentials. Waits for GitHub's limits; repeats reads and writes that can be
 * repeated; gives parsed answers; throws domain errors that hold no credentials.
 */
export class GitHubClient {
  readonly #octokit: Octokit;
  #token: Secret | undefined;

  constructor(private readonly options: ClientOptions) {
    this.#octokit = new ThrottledOctokit({
      baseUrl: options.api,
      log: silent,
      request: { fetch: githubFetch(() => this.#tokenOf(false), options.bounds) },
      // Waiting for limits is done here, where it ends with the caller's signal; the plugin keeps the spacing.
      throttle: options.hasLimits ? { id: options.installation, onRateLimit: () => false, onSecondaryRateLimit: () => false } : { enabled: false },
      // The plugin's own list lacks 429, which asks for patience.
      retry: { retryAfterBaseValue: options.retryDelayMs ?? 1_000, doNotRetry: [400, 401, 403, 404, 410, 422, 429, 451] },
    });
  }

  get installation(): string {
    return this.options.installation;
  }

  /** Milliseconds until `count` more issues or comments are created, at the pace that GitHub allows. */
  timeToCreate(count: number): Promise<number> {
    return (this.options.budget ?? unlimitedCreations).timeFor(this.options.installation, count);
  }

  /** `route` and `parameters` as in Octokit, e.g. `GET /repos/{owner}/{repo}`. Throws the errors that `IssueTracker` names. */
  async request<T>(route: string, parameters: Readonly<Record<string, unknown>>, asked: Asked<T> & { readonly etag: string }): Promise<Answer<T> | 'unchanged'>;
  async request<T>(route: string, parameters: Readonly<Record<string, unknown>>, asked: Asked<T> & { readonly etag?: undefined }): Promise<Answer<T>>;
  async request<T>(route: string, parameters: Readonly<Record<string, unknown>>, asked: Asked<T>): Promise<Answer<T> | 'unchanged'>;
  async request<T>(route: string, parameters: Readonly<Record<string, unknown>>, asked: Asked<T>): Promise<Answer<T> | 'unchanged'> {
    const what = nameOf(route, parameters);
    const raw = await this.#traced(route, () => this.#answered(what, asked.signal, asked.creates ?? false, () => this.#octokit.request(route, {
      ...parameters,
      headers: asked.etag === undefined ? {} : { 'if-none-match': asked.etag },
      request: { signal: asked.signal, ...(asked.creates ? { retries: 0 } : {}) },
    })));
    if (raw.status === 304) return 'unchanged';
    const { etag, link } = raw.headers;
    const next = /<([^>]+)>;\s*rel="next"/.exec(String(link ?? ''))?.[1];
    return { data: parsed(what, asked.answer, raw.data), etag: etag === undefined ? undefined : String(etag), hasMore: next !== undefined, cursor: next === undefined ? undefined : URL.parse(next)?.searchParams.get('cursor') ?? undefined };
  }

  /** A mutation or query that may be repeated; `what` names it in errors. */
  async graphql<T>(what: string, query: string, variables: Readonly<Record<string, unknown>>, answer: z.ZodType<T>, signal?: AbortSignal): Promise<T> {
    const raw = await this.#traced('POST /graphql', () => this.#answered(what, signal, false, async () => ({ status: 200, headers: {}, data: await this.#octokit.graphql<unknown>(query, { ...variables, request: { signal } }) })));
    return parsed(what, answer, raw.data);
  }

  /** Of `GET /repos/{owner}/{repo}`, with its waits and repetitions. */
  #traced(route: string, ask: () => Promise<RawAnswer>): Promise<RawAnswer> {
    const [method, template] = route.split(' ', 2);
    const attributes = { [names.httpMethod]: method, [names.urlTemplate]: template, [names.serverAddress]: new URL(this.options.api).hostname };
    return traced(route, { kind: 'client', attributes }, async (span) => {
      const answer = await ask();
      span.set({ [names.httpStatus]: answer.status });
      return answer;
    });
  }

  /** One request, repeated after the waits that GitHub asks for, and once with new credentials. */
  #answered(what: string, signal: AbortSignal | undefined, creates: boolean, send: () => Promise<RawAnswer>): Promise<RawAnswer> {
    let isRenewed = false;
    const attempt = async (): Promise<RawAnswer> => {
      try {
        return await this.#once(signal, creates, send);
      } catch (thrown) {
        if (isNotModified(thrown)) return { status: 304, data: undefined, headers: {} };
        if (signal?.aborted) throw abortError(what, signal.reason);
        const error = errorOf(thrown, what, (text) => this.#token?.redact(text) ?? text);
        if (error.code !== 'CASC_GITHUB_UNAUTHORIZED' || isRenewed) throw error;
        isRenewed = true;
        const refused = this.#token?.reveal();
        if ((await this.#tokenOf(true)).reveal() === refused) throw error;
        return await attempt();
      }
    };
    return afterLimits(attempt, signal, this.options.pause);
  }

  async #once(signal: AbortSignal | undefined, creates: boolean, send: () => Promise<RawAnswer>): Promise<RawAnswer> {
    signal?.throwIfAborted();
    const sent = async (): Promise<RawAnswer> => {
      await this.#tokenOf(false); // what is wrong with credentials is said at once; Octokit would repeat it
      if (creates) await this.options.budget?.take(this.options.installation, signal);
      return await send();
    };
    // Octokit's queues do not know of signals; what is aborted there sends nothing when its turn comes.
    return signal === undefined ? await sent() : await untilAborted(sent(), signal, (reason) => reason);
  }

  async #tokenOf(renewed: boolean): Promise<Secret> {
    this.#token = await this.options.token(renewed);
    return this.#token;
  }
}

export const abortError = (what: string, reason: unknown): unknown =>
  abortErrorOf(reason, { timeout: () => errorOf(new TypeError('no answer in time'), what), abort: `${what} was given up.` });

const isNotModified = (thrown: unknown): boolean =>
  typeof thrown === 'object' && thrown !== null && !isCascadeError(thrown) && 'status' in thrown && thrown.status === 304;

function parsed<T>(what: string, schema: z.ZodType<T>, data: unknown): T {
  const answer = schema.safeParse(data);
  if (answer.success) return answer.data;
  throw invalidAnswer(what, answer.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`));
}

/** `PATCH /repos/o/r/issues/1` of Octokit's `PATCH /repos/{owner}/{repo}/issues/{issue_number}`. */
function nameOf(route: string, parameters: Readonly<Record<string, unknown>>): string {
  return route.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(parameters[name])));
}
