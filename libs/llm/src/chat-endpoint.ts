import { setTimeout as sleep } from 'node:timers/promises';
import { types } from 'node:util';
import OpenAI, { APIError } from 'openai';
import { cancelled, isCascadeError, terminal, type CascadeError } from '@cascade/contracts';
import type { ChatMessage } from './baml-functions.js';
import type { Fetch } from './bounded-fetch.js';
import { completionSchema, toChatAnswer, type ChatAnswer } from './chat-answer.js';
import { chatTraced, type Attempted } from './chat-span.js';
import { classifyFailure, garbledAnswer, type EndpointFailure } from './endpoint-errors.js';
import { countAnswer, timed } from './count-call.js';
import type { ModelConfig } from './model-config.js';

/** A wait that the endpoint asks for is kept inside the call up to this; a longer one is left to the caller's retries. */
const longestWaitMs = 60_000;

/** Told before a wait: why, and how long it takes. */
type OnWait = (error: CascadeError, waitMs: number) => Promise<void>;

export interface AskOptions {
  readonly signal: AbortSignal;
  /** Bound of the answer; the configured one unless given. */
  readonly maxTokens?: number;
}

/**
 * One OpenAI-compatible endpoint, through the openai SDK, which is the only HTTP client for models. The SDK's own
 * retries are off: it would retry what cannot succeed and hide why.
 *
 * Newer OpenAI models refuse `max_tokens` and a temperature; the endpoint says so before it answers (and bills), and is
 * asked again in the form it takes. What it said is kept for the next calls.
 */
export class ChatEndpoint {
  private tokenLimitName: 'max_tokens' | 'max_completion_tokens' = 'max_tokens';
  private takesTemperature = true;

  constructor(private readonly config: ModelConfig, private readonly fetch: Fetch) {}

  /**
   * Sends the conversation and gives the answer, trying again where that can help.
   * Throws the errors of `classifyFailure`, `CASC_MODEL_PROMPT_TOO_LARGE`, and `cancelled` when `signal` aborts.
   */
  async ask(messages: readonly ChatMessage[], options: AskOptions, onWait?: OnWait): Promise<ChatAnswer> {
    const chars = messages.reduce((sum, message) => sum + message.content.length, 0);
    if (chars > this.config.maxPromptChars) {
      throw terminal('CASC_MODEL_PROMPT_TOO_LARGE', `The prompt has ${chars} characters; at most ${this.config.maxPromptChars} are sent.`, {
        advice: 'Make the request smaller, or point it at a smaller part of the repository.',
      });
    }
    for (let attempt = 0; ; attempt += 1) {
      const sent = (): Promise<Attempted> => chatTraced(this.config, messages, options.maxTokens ?? this.config.maxTokens, () => this.attempt(messages, options));
      const result = await timed(this.config, 'chat', sent, (ended) => ('failure' in ended ? ended.failure.error.code : undefined));
      if ('answer' in result) {
        countAnswer(this.config, result.answer);
        return result.answer;
      }
      const wait = waitBefore(result.failure, this.config.retryDelaysMs[attempt]);
      if (wait === undefined) throw result.failure.error;
      await onWait?.(result.failure.error, wait);
      await sleep(wait, undefined, { signal: options.signal }).catch(() => { throw abortError(options.signal); });
    }
  }

  private async attempt(messages: readonly ChatMessage[], options: AskOptions): Promise<Attempted> {
    // The SDK wraps what its `fetch` throws and drops the cause of some; ours is kept beside it.
    let own: CascadeError | undefined;
    const fetch: Fetch = async (input, init) => this.fetch(input, init).catch((error: unknown) => {
      if (isCascadeError(error)) own = error;
      throw error;
    });
    try {
      const completion = completionSchema.safeParse(await this.send(messages, options, fetch));
      if (completion.success) return { answer: toChatAnswer(completion.data, messages, this.config.model, this.config.price) };
      const issue = completion.error.issues[0];
      return { failure: { error: garbledAnswer(this.config, `${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.trim()), retry: 'backoff' } };
    } catch (error) {
      if (options.signal.aborted) throw abortError(options.signal);
      if (own !== undefined) return { failure: { error: own, retry: 'never' } };
      if (types.isNativeError(error) && error.name === 'SyntaxError') return { failure: { error: garbledAnswer(this.config, 'the body is not JSON'), retry: 'backoff' } };
      return { failure: classifyFailure(error, this.config) };
    }
  }

  private async send(messages: readonly ChatMessage[], { signal, maxTokens }: AskOptions, fetch: Fetch): Promise<unknown> {
    const { config } = this;
    const client = new OpenAI({
      baseURL: config.baseURL, apiKey: config.apiKey?.reveal() ?? 'none', fetch, maxRetries: 0, logLevel: 'off',
      // Ours ends first, body included; this one is only a second belt.
      timeout: config.timeoutMs + 5_000,
    });
    for (let adapted = 0; ; adapted += 1) {
      try {
        return await client.chat.completions.create({
          model: config.model, messages: [...messages], stream: false,
          ...(this.takesTemperature ? { temperature: 0 } : {}), [this.tokenLimitName]: maxTokens ?? config.maxTokens,
        }, { signal });
      } catch (error) {
        if (adapted >= 2 || !this.adapt(error)) throw error;
      }
    }
  }

  /** Whether the endpoint named a parameter that can be sent otherwise. */
  private adapt(error: unknown): boolean {
    if (!(error instanceof APIError) || error.status !== 400) return false;
    const about = `${error.param ?? ''} ${error.message}`;
    if (this.tokenLimitName === 'max_tokens' && about.includes('max_completion_tokens')) {
      this.tokenLimitName = 'max_completion_tokens';
      return true;
    }
    if (this.takesTemperature && /\btemperature\b/.test(about)) {
      this.takesTemperature = false;
      return true;
    }
    return false;
  }
}

/** How long to wait before the next attempt, or `undefined` when there is to be none. */
function waitBefore(failure: EndpointFailure, delay: number | undefined): number | undefined {
  if (delay === undefined || failure.retry === 'never') return undefined;
  if (failure.retry === 'backoff') return delay;
  const told = failure.error.retryAfterMs ?? delay;
  return told <= longestWaitMs ? told : undefined;
}

/** The reason of an abort when it is one of ours, e.g. a passed deadline; a plain cancellation otherwise. */
function abortError(signal: AbortSignal): CascadeError {
  return isCascadeError(signal.reason) ? signal.reason : cancelled('The call to the model was cancelled.');
}
