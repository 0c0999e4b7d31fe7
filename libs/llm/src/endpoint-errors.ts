import { types } from 'node:util';
import { APIConnectionError, APIError } from 'openai';
import { isCascadeError, retryable, terminal, type CascadeError } from '@cascade/contracts';
import { endpointAddress, type ModelConfig } from './model-config.js';

/** What went wrong with one attempt, and whether another one may be made at once, after a delay, or not at all. */
export interface EndpointFailure {
  readonly error: CascadeError;
  readonly retry: 'never' | 'backoff' | 'as-told';
}

const never = (error: CascadeError): EndpointFailure => ({ error, retry: 'never' });
const backoff = (error: CascadeError): EndpointFailure => ({ error, retry: 'backoff' });

/** Maps what the openai SDK threw to the four kinds of error. Messages hold neither the key nor the address's query. */
export function classifyFailure(thrown: unknown, config: ModelConfig): EndpointFailure {
  if (isCascadeError(thrown)) return never(thrown);
  const at = endpointAddress(config);
  if (!(thrown instanceof APIError) || thrown instanceof APIConnectionError || thrown.status === undefined) {
    return backoff(retryable('CASC_MODEL_UNAVAILABLE', `The model's endpoint ${at} could not be reached: ${detail(thrown, config)}`, {
      advice: 'Check that it runs and that OPENAI_BASE_URL is its address.', cause: thrown,
    }));
  }
  const said = detail(thrown, config);
  if (thrown.status === 401 || thrown.status === 403) return never(unauthorized(thrown.status, at, said, config));
  if (thrown.status === 404) {
    return never(terminal('CASC_MODEL_UNKNOWN', `The endpoint ${at} does not know the model "${config.model}" (404): ${said}`, {
      advice: 'Check CASCADE_MODEL, and that OPENAI_BASE_URL holds the whole path, usually ending in /v1.',
    }));
  }
  if (thrown.status === 402 || thrown.code === 'insufficient_quota') {
    return never(terminal('CASC_MODEL_QUOTA_EXHAUSTED', `The account at ${at} has no credit left: ${said}`, { advice: 'Add credit there, or configure another endpoint.' }));
  }
  if (thrown.status === 429) return rateLimited(thrown, at, said);
  if (thrown.status >= 500 || thrown.status === 408 || thrown.status === 409 || thrown.status === 425) {
    return backoff(retryable('CASC_MODEL_UNAVAILABLE', `The model's endpoint ${at} failed with status ${thrown.status}: ${said}`, {
      advice: 'Look at the endpoint\'s own log, and start again when it serves.',
    }));
  }
  return never(refused(thrown, at, said, config));
}

/** An answer with status 200 that is not a chat completion: a proxy's page, half a document. */
export function garbledAnswer(config: ModelConfig, reason: string): CascadeError {
  return retryable('CASC_MODEL_ANSWER_GARBLED', `${endpointAddress(config)} answered, but not with a chat completion: ${reason}`, {
    advice: 'Check that OPENAI_BASE_URL is the address of an OpenAI-compatible API, usually ending in /v1.',
  });
}

function unauthorized(status: number, at: string, said: string, config: ModelConfig): CascadeError {
  const advice = config.apiKey === undefined
    ? 'The endpoint asks for a key: set OPENAI_API_KEY.'
    : 'Check OPENAI_API_KEY, and that it belongs to the endpoint in OPENAI_BASE_URL.';
  return terminal('CASC_MODEL_UNAUTHORIZED', `The model's endpoint ${at} refused the key (${status}): ${said}`, { advice });
}

function rateLimited(thrown: APIError, at: string, said: string): EndpointFailure {
  const retryAfterMs = retryAfter(thrown.headers);
  const error = retryable('CASC_MODEL_RATE_LIMITED', `The model's endpoint ${at} asks to wait (429): ${said}`, {
    advice: 'Start again later; fewer cascades at once, or a higher limit at the endpoint, avoid it.',
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
  return retryAfterMs === undefined ? backoff(error) : { error, retry: 'as-told' };
}

function refused(thrown: APIError, at: string, said: string, config: ModelConfig): CascadeError {
  if (thrown.code === 'context_length_exceeded' || thrown.status === 413) {
    return terminal('CASC_MODEL_PROMPT_TOO_LARGE', `The prompt is longer than "${config.model}" accepts: ${said}`, {
      advice: 'Use a model with a larger context, or make the request smaller.',
    });
  }
  return terminal('CASC_MODEL_REQUEST_REFUSED', `The model's endpoint ${at} refused the request (${thrown.status}): ${said}`, {
    advice: 'Check that CASCADE_MODEL is a chat model and CASCADE_MODEL_MAX_TOKENS is within its limit.',
  });
}

/** `Retry-After` in seconds or as a date, or the finer `retry-after-ms`; `undefined` when absent or unreadable. */
export function retryAfter(headers: Headers | undefined, now = Date.now()): number | undefined {
  const finer = headers?.get('retry-after-ms');
  if (finer && Number.isFinite(Number(finer))) return Math.max(0, Number(finer));
  const value = headers?.get('retry-after');
  if (!value) return undefined;
  const ms = Number.isFinite(Number(value)) ? Number(value) * 1_000 : Date.parse(value) - now;
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}

/** The endpoint's own words on one bounded line; some endpoints repeat the key in them. */
function detail(thrown: unknown, config: ModelConfig): string {
  const cause = types.isNativeError(thrown) && types.isNativeError(thrown.cause) ? ` (${innermost(thrown.cause).message})` : '';
  const text = `${types.isNativeError(thrown) ? thrown.message : String(thrown)}${cause}`.replace(/\s+/g, ' ').trim();
  const safe = config.apiKey?.redact(text) ?? text;
  return safe.length > 300 ? `${safe.slice(0, 300)}…` : safe;
}

/** undici says only "fetch failed"; the reason, e.g. ECONNREFUSED, is its cause. */
function innermost(error: Error): Error {
  let inner = error;
  for (let depth = 0; depth < 5 && types.isNativeError(inner.cause); depth += 1) inner = inner.cause;
  return inner;
}
