import { terminal, type CascadeError, type Run } from '@cascade/contracts';
import { modelMetrics } from '@cascade/telemetry';
import { renderPrompt, type AnswerOf, type ArgsOf, type ChatMessage, type FunctionName, type ObjectFunctionName, type TextFunctionName } from './baml-functions.js';
import { boundedFetch, type Fetch } from './bounded-fetch.js';
import type { ChatAnswer } from './chat-answer.js';
import { ChatEndpoint } from './chat-endpoint.js';
import type { Judgement } from './judgement.js';
import type { ModelConfig } from './model-config.js';
import { readObjectAnswer } from './object-answer.js';
import { recordingFetch } from './recording-fetch.js';
import { boundProblems, repairTurn } from './repair-turn.js';
import { replayingFetch } from './replaying-fetch.js';
import { withoutReasoning } from './strict-json.js';
import { readTextAnswer } from './text-answer.js';
import { estimatePromptTokens, usageOf } from './token-usage.js';

/** Shorter waits for an endpoint are not told. */
const NOTICEABLE_MS = 2_000;

export interface CallOptions<T> {
  /** Problems of a well-formed answer; they go back to the model. Deterministic: the same value, the same problems. */
  readonly validate?: (value: T) => readonly string[];
  /** How often the model may correct its answer; 2 unless given. */
  readonly maxRepairs?: number;
  /** Bound of one answer, and what is reserved of the budget for it; the configured one unless less is given. */
  readonly maxTokens?: number;
}

/**
 * The one way to a language model: a BAML prompt, the openai SDK, a checked and typed answer.
 *
 * Every answered request is one journal step (`<step>/1`, and `/2`, `/3` for corrections), so a handler that runs again
 * asks only what was not answered, and a cascade's budget is checked before each request.
 */
export class Model {
  private readonly resolve: () => ModelConfig;
  private opened: { readonly config: ModelConfig; readonly endpoint: ChatEndpoint } | undefined;

  /**
   * `config` may be a function, called at the first use: then a service that never asks a model starts without one,
   * and one that does fails with the function's own error (`requireModelConfig`).
   */
  constructor(config: ModelConfig | (() => ModelConfig), private readonly fetch: Fetch = globalThis.fetch) {
    this.resolve = typeof config === 'function' ? config : () => config;
    modelMetrics.answers.begin();
  }

  /**
   * Calls a function that gives an object. The answer is read from strict JSON, and nothing of it is lost on the way.
   * Throws terminal `CASC_MODEL_ANSWER_INVALID` when the last correction has problems too, and the endpoint's errors.
   */
  async call<F extends ObjectFunctionName>(run: Run, step: string, name: F, args: ArgsOf<F>, options: CallOptions<AnswerOf<F>> = {}): Promise<AnswerOf<F>> {
    return this.converse(run, step, name, await renderPrompt(name, args), readObjectAnswer, options);
  }

  /**
   * Calls a function that gives text: the answer as it is, without a fence around the whole of it.
   * Throws as `call` does.
   */
  async text<F extends TextFunctionName>(run: Run, step: string, name: F, args: ArgsOf<F>, options: CallOptions<string> = {}): Promise<string> {
    return this.converse(run, step, name, await renderPrompt(name, args), (_name, answer) => readTextAnswer(answer), options);
  }

  private async converse<F extends FunctionName, T>(
    run: Run, step: string, name: F, prompt: readonly ChatMessage[], read: (name: F, answer: string) => Judgement<T>, options: CallOptions<T>,
  ): Promise<T> {
    const attempts = (options.maxRepairs ?? 2) + 1;
    let messages = prompt;
    for (let attempt = 1; ; attempt += 1) {
      const answer = await this.ask(run, `${step}/${attempt}`, messages, options.maxTokens);
      const judged = validated(unanswered(answer) ?? read(name, answer.text), options);
      const isGivenUp = attempt >= attempts || ('problems' in judged && judged.hopeless === true);
      modelMetrics.judged.add({ function: name, verdict: 'value' in judged ? 'used' : isGivenUp ? 'given_up' : 'corrected' });
      if ('value' in judged) return judged.value;
      if (isGivenUp) throw invalid(name, step, attempt, answer.model, judged.problems);
      await run.progress({ kind: 'notice', text: `${step}: the model corrects its answer (${judged.problems[0]?.slice(0, 160) ?? ''})` });
      messages = [...messages, ...repairTurn(withoutReasoning(answer.text), judged.problems)];
    }
  }

  private async ask(run: Run, step: string, messages: readonly ChatMessage[], atMost?: number): Promise<ChatAnswer> {
    const { config, endpoint } = this.open();
    const maxTokens = Math.min(config.maxTokens, atMost ?? config.maxTokens);
    const reserve = usageOf(estimatePromptTokens(messages), maxTokens, config.price);
    let isAsked = false;
    const answer = await run.step(step, () => {
      isAsked = true;
      return endpoint.ask(messages, { signal: run.signal, maxTokens }, (error, waitMs) => tellWait(run, error, waitMs));
    }, { reserve, usage: (given) => given.usage });
    modelMetrics.answers.add({ source: isAsked ? 'model' : 'journal' });
    return answer;
  }

  private open(): { readonly config: ModelConfig; readonly endpoint: ChatEndpoint } {
    if (this.opened === undefined) {
      const config = this.resolve();
      this.opened = { config, endpoint: new ChatEndpoint(config, this.door(config)) };
    }
    return this.opened;
  }

  /** The last thing before the network: bounded, and recorded or replayed. */
  private door(config: ModelConfig): Fetch {
    if (config.replayDirectory !== undefined) return replayingFetch(config.replayDirectory);
    const bounded = boundedFetch(this.fetch, { timeoutMs: config.timeoutMs, maxBytes: config.maxAnswerBytes });
    return config.recordDirectory === undefined ? bounded : recordingFetch(bounded, config.recordDirectory);
  }
}

/** A person who watches sees why nothing moves. */
async function tellWait(run: Run, error: CascadeError, waitMs: number): Promise<void> {
  if (waitMs >= NOTICEABLE_MS) await run.progress({ kind: 'notice', text: `${error.message.replace(/\.$/, '')}; again in ${Math.round(waitMs / 1000)} s` });
}

/** Why an answer is none, whatever its text: BAML would take the prefix of a cut answer for all of it. */
function unanswered(answer: ChatAnswer): Judgement<never> | undefined {
  if (answer.refusal !== undefined) return { problems: [`The model refused to answer: ${answer.refusal}`], hopeless: true };
  if (answer.finishReason === 'content_filter') return { problems: ['The endpoint\'s content filter removed the answer.'], hopeless: true };
  if (answer.finishReason === 'length') return { problems: ['The answer was cut off at the limit of its length. Give the complete answer, shorter.'] };
  return undefined;
}

function validated<T>(judged: Judgement<T>, options: CallOptions<T>): Judgement<T> {
  if (!('value' in judged)) return { ...judged, problems: boundProblems(judged.problems) };
  const problems = options.validate?.(judged.value) ?? [];
  return problems.length === 0 ? judged : { problems: boundProblems(problems) };
}

function invalid(name: string, step: string, attempts: number, model: string, findings: readonly string[]): CascadeError {
  const times = attempts === 1 ? 'once' : `${attempts} times`;
  return terminal('CASC_MODEL_ANSWER_INVALID', `The model "${model}" was asked ${times} for ${name} (${step}); its last answer could not be used.`, {
    advice: 'A more capable model (CASCADE_MODEL), or a larger CASCADE_MODEL_MAX_TOKENS for cut answers, usually solves this.', findings,
  });
}
