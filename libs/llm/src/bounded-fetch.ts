import { retryable, terminal } from '@cascade/contracts';

export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

export interface ExchangeBounds {
  /** Of the whole exchange: connecting, waiting, and reading the body to its end. */
  readonly timeoutMs: number;
  readonly maxBytes: number;
}

/** Kept from an answer's headers; the body is already decoded, so its length and encoding would be wrong. */
const keptHeaders = ['content-type', 'retry-after', 'retry-after-ms', 'x-request-id'];
/** The Fetch standard allows no body for these. */
const bodiless = new Set([101, 103, 204, 205, 304]);

/**
 * A `fetch` that reads the whole body before it returns, within both bounds. The openai SDK bounds only the time until
 * the headers, so an endpoint that sends a body without end would hold a worker for ever.
 * Throws `CASC_MODEL_TIMEOUT` (retryable) and `CASC_MODEL_ANSWER_TOO_LARGE` (terminal: asking again gives the same).
 */
export function boundedFetch(inner: Fetch, bounds: ExchangeBounds): Fetch {
  return async (input, init) => {
    const timeout = AbortSignal.timeout(bounds.timeoutMs);
    const signal = init?.signal ? AbortSignal.any([init.signal, timeout]) : timeout;
    try {
      const response = await inner(input, { ...init, signal });
      const body = await readBounded(response, bounds.maxBytes);
      const headers = keptHeaders.flatMap((name): [string, string][] => {
        const value = response.headers.get(name);
        return value === null ? [] : [[name, value]];
      });
      return new Response(bodiless.has(response.status) ? null : body, { status: response.status, headers });
    } catch (error) {
      if (!timeout.aborted || init?.signal?.aborted) throw error;
      throw retryable('CASC_MODEL_TIMEOUT', `The model's endpoint did not finish its answer within ${bounds.timeoutMs} ms.`, {
        advice: 'Raise CASCADE_MODEL_TIMEOUT_MS, lower CASCADE_MODEL_MAX_TOKENS, or use a faster model.', cause: error,
      });
    }
  };
}

async function readBounded(response: Response, maxBytes: number): Promise<string> {
  if (response.body === null) return '';
  const decoder = new TextDecoder();
  let [text, bytes] = ['', 0];
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    // Leaving the loop by an error cancels the body, which closes the connection.
    if (bytes > maxBytes) {
      throw terminal('CASC_MODEL_ANSWER_TOO_LARGE', `The model's endpoint sent more than ${maxBytes} bytes for one answer.`, {
        advice: 'An answer of that size is not a chat completion: check OPENAI_BASE_URL and the endpoint.',
      });
    }
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
