import OpenAI from 'openai';
import { z } from 'zod';
import { boundedFetch, type Fetch } from './bounded-fetch.js';
import { timed } from './count-call.js';
import { classifyFailure, garbledAnswer } from './endpoint-errors.js';
import type { ModelConfig } from './model-config.js';

/** Of one answer: 64 vectors of 4,096 numbers, each with up to 25 characters. */
const MAX_ANSWER_BYTES = 8 * 1024 * 1024;
const MAX_NUMBERS = 4_096;

const answer = z.object({
  data: z.array(z.object({ index: z.number().int().nonnegative(), embedding: z.array(z.number()).min(1).max(MAX_NUMBERS) })).max(1_000),
});

/** `/v1/embeddings` of one OpenAI-compatible endpoint, for one model. */
export class EmbeddingsEndpoint {
  private readonly fetch: Fetch;

  constructor(private readonly config: ModelConfig, fetch: Fetch = globalThis.fetch) {
    this.fetch = boundedFetch(fetch, { timeoutMs: config.timeoutMs, maxBytes: MAX_ANSWER_BYTES });
  }

  /** Names the vectors that it gives: those of another model are no neighbours of them. */
  get model(): string {
    return this.config.model;
  }

  /** One vector per text, in their order; asked once. Throws the errors of `classifyFailure`, and what the signal aborts with. */
  async embed(texts: readonly string[], signal: AbortSignal): Promise<number[][]> {
    const { config } = this;
    const client = new OpenAI({ baseURL: config.baseURL, apiKey: config.apiKey?.reveal() ?? 'none', fetch: this.fetch, maxRetries: 0, logLevel: 'off', timeout: config.timeoutMs + 5_000 });
    // Said in numbers: the SDK's own default is base64, which not every endpoint knows.
    const said: unknown = await timed(config, 'embeddings', async () => client.embeddings.create({ model: config.model, input: [...texts], encoding_format: 'float' }, { signal })
      .catch((error: unknown) => { throw classifyFailure(error, config).error; }));
    const parsed = answer.safeParse(said);
    const vectors = parsed.success ? parsed.data.data.toSorted((one, other) => one.index - other.index).map(({ embedding }) => embedding) : [];
    if (vectors.length !== texts.length) throw garbledAnswer(config, `not ${texts.length} vectors, one for each text`);
    return vectors;
  }
}
