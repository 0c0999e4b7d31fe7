import { asCascadeError } from '@cascade/contracts';
import { modelMetrics } from '@cascade/telemetry';
import type { ChatAnswer } from './chat-answer.js';
import type { ModelConfig } from './model-config.js';

/** Labels of every request with this configuration. */
const labelsOf = <Operation extends 'chat' | 'embeddings'>(config: ModelConfig, operation: Operation) =>
  ({ gen_ai_operation_name: operation, gen_ai_provider_name: config.replayDirectory === undefined ? 'openai' : 'recording', gen_ai_request_model: config.model } as const);

/** Times one attempt of a request; `failureOf` tells what its result says of it. */
export async function timed<T>(config: ModelConfig, operation: 'chat' | 'embeddings', attempt: () => Promise<T>, failureOf: (result: T) => string | undefined = () => undefined): Promise<T> {
  const begin = performance.now();
  const tell = (code = ''): void => modelMetrics.seconds.observe({ ...labelsOf(config, operation), error_type: code }, (performance.now() - begin) / 1_000);
  try {
    const result = await attempt();
    tell(failureOf(result));
    return result;
  } catch (error) {
    tell(asCascadeError(error).code);
    throw error;
  }
}

/** Counts what an answer took, once, when it came from the model. */
export function countAnswer(config: ModelConfig, { usage }: ChatAnswer): void {
  const labels = labelsOf(config, 'chat');
  modelMetrics.tokens.observe({ ...labels, gen_ai_token_type: 'input' }, usage.promptTokens);
  modelMetrics.tokens.observe({ ...labels, gen_ai_token_type: 'output' }, usage.completionTokens);
  modelMetrics.spent.add({ gen_ai_request_model: config.model }, usage.usd);
}
