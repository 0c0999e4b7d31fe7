import { z } from 'zod';
import type { Usage } from '@cascade/contracts';
import type { ChatMessage } from './baml-functions.js';
import type { ModelPrice } from './model-config.js';
import { estimatePromptTokens, estimateTokens, usageOf } from './token-usage.js';

/** One answered request: what is journalled, so that it is never asked, nor paid, again. */
export interface ChatAnswer {
  readonly text: string;
  /** `stop` when the model ended by itself; `null` from endpoints that do not say. */
  readonly finishReason: string | null;
  /** The model that answered, as the endpoint names it. */
  readonly model: string;
  readonly usage: Usage;
  /** The model's own words for not answering. */
  readonly refusal?: string;
}

const tokens = z.number().int().min(0);

/** The part of OpenAI's chat completion that is used; endpoints differ in everything else. */
export const completionSchema = z.object({
  model: z.string().nullish(),
  choices: z.array(z.object({
    finish_reason: z.string().nullish(),
    message: z.object({ content: z.string().nullish(), refusal: z.string().nullish() }),
  })).min(1),
  usage: z.object({ prompt_tokens: tokens, completion_tokens: tokens }).nullish().catch(undefined),
});
export type Completion = z.output<typeof completionSchema>;

/** Token counts come from the endpoint; where it sends none they are estimated, so that a budget always holds. */
export function toChatAnswer(completion: Completion, messages: readonly ChatMessage[], model: string, price: ModelPrice): ChatAnswer {
  const choice = completion.choices[0]!;
  const text = choice.message.content ?? '';
  const promptTokens = completion.usage?.prompt_tokens ?? estimatePromptTokens(messages);
  const completionTokens = completion.usage?.completion_tokens ?? estimateTokens(text);
  return {
    text,
    finishReason: choice.finish_reason ?? null,
    model: completion.model ?? model,
    usage: usageOf(promptTokens, completionTokens, price),
    ...(choice.message.refusal ? { refusal: choice.message.refusal } : {}),
  };
}
