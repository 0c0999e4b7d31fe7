import { currentScope, names, traced, type Span } from '@cascade/telemetry';
import type { ChatMessage } from './baml-functions.js';
import type { ChatAnswer } from './chat-answer.js';
import type { EndpointFailure } from './endpoint-errors.js';
import type { ModelConfig } from './model-config.js';

export type Attempted = { readonly answer: ChatAnswer } | { readonly failure: EndpointFailure };

/**
 * One request to a model as a span, by the conventions for generative models. What was asked and answered is in it only
 * where somebody who may has said so: it is the user's code.
 */
export function chatTraced(config: ModelConfig, messages: readonly ChatMessage[], maxTokens: number, attempt: () => Promise<Attempted>): Promise<Attempted> {
  const { cascade, service } = currentScope();
  const { hostname, port, protocol } = new URL(config.baseURL);
  const attributes = {
    [names.genAiOperation]: 'chat', [names.genAiProvider]: 'openai', [names.genAiRequestModel]: config.model, [names.genAiMaxTokens]: maxTokens,
    [names.genAiAgent]: service, [names.genAiConversation]: cascade,
    [names.serverAddress]: hostname, [names.serverPort]: Number(port) || (protocol === 'http:' ? 80 : 443),
  };
  return traced(`chat ${config.model}`, { kind: 'client', attributes }, async (span) => {
    if (isContentWanted()) span.set({ [names.genAiInput]: JSON.stringify(messages.map(({ role, content }) => message(role, content))) });
    const attempted = await attempt();
    if ('answer' in attempted) tellAnswer(span, attempted.answer);
    else span.fail(attempted.failure.error);
    return attempted;
  });
}

function tellAnswer(span: Span, { model, usage, finishReason, text }: ChatAnswer): void {
  span.set({
    [names.genAiResponseModel]: model, [names.genAiInputTokens]: usage.promptTokens, [names.genAiOutputTokens]: usage.completionTokens,
    [names.genAiFinishReasons]: finishReason === null ? undefined : [finishReason],
  });
  if (isContentWanted()) span.set({ [names.genAiOutput]: JSON.stringify([message('assistant', text)]) });
}

const message = (role: string, content: string): object => ({ role, parts: [{ type: 'text', content }] });

const isContentWanted = (): boolean => process.env['OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT']?.toLowerCase() === 'true';
