import type { Usage } from '@cascade/contracts';
import type { ChatMessage } from './baml-functions.js';
import type { ModelPrice } from './model-config.js';

/** Four characters per token is the usual estimate for English and code. */
const charsPerToken = 4;
/** What chat formats add around each message. */
const tokensPerMessage = 4;

export const estimateTokens = (text: string): number => Math.ceil(text.length / charsPerToken);

export const estimatePromptTokens = (messages: readonly ChatMessage[]): number =>
  messages.reduce((sum, message) => sum + estimateTokens(message.content) + tokensPerMessage, 0);

export function usageOf(promptTokens: number, completionTokens: number, price: ModelPrice): Usage {
  const usd = (promptTokens * price.usdPer1MPrompt + completionTokens * price.usdPer1MCompletion) / 1_000_000;
  return { promptTokens, completionTokens, usd };
}
