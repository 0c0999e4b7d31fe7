import './baml-environment.js';
import { types } from 'node:util';
import { z } from 'zod';
import { terminal } from '@cascade/contracts';
import { b } from './baml_client/index.js';

type Requests = typeof b.request;
type Parsers = typeof b.parse;
type WithoutOptions<Parameters extends readonly unknown[]> = Required<Parameters> extends readonly [...infer Args, unknown] ? Args : never;

/** Every function of baml_src. */
export type FunctionName = Extract<keyof Requests & keyof Parsers, string>;
/** What a function takes, in its order in the .baml file; an optional argument is given as `null`. */
export type ArgsOf<F extends FunctionName> = WithoutOptions<Parameters<Requests[F]>>;
/** What a function gives. */
export type AnswerOf<F extends FunctionName> = ReturnType<Parsers[F]>;
/** Functions that give `string`: the model's answer as it is. */
export type TextFunctionName = { [F in FunctionName]: AnswerOf<F> extends string ? F : never }[FunctionName];
/** Functions that give an object, read from strict JSON. */
export type ObjectFunctionName = Exclude<FunctionName, TextFunctionName>;

/** One message of a conversation, in the form of OpenAI's chat completions. */
export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

const textPart = z.object({ type: z.literal('text'), text: z.string() });
const renderedBody = z.object({
  messages: z.array(z.object({
    role: z.enum(['system', 'user', 'assistant']),
    content: z.union([z.string(), z.array(textPart).transform((parts) => parts.map((part) => part.text).join('\n'))]),
  })).min(1),
});

/** BAML's message without the parts that only its authors can read: of nested parsing errors, the innermost reasons. */
export function bamlMessage(error: unknown): string {
  const text = (types.isNativeError(error) ? error.message : String(error)).split('\n\nStack backtrace')[0]!;
  const reasons = [...text.matchAll(/scope: \[([^\]]*)\], reason: "((?:[^"\\]|\\.)*)", causes: \[\]/g)]
    .map(([, scope, reason]) => [scope!.replaceAll('"', '').replaceAll(', ', '.'), reason!.replaceAll('\\"', '"')].filter(Boolean).join(': '));
  if (reasons.length > 0) return [...new Set(reasons)].join('; ');
  return text.replace(/^(Baml\w*Error:\s*)+/, '').trim();
}

/**
 * Renders a prompt, without any network: the same arguments always give the same bytes.
 * Throws terminal `CASC_PROMPT_NOT_RENDERED` when the arguments do not fit the function.
 */
export async function renderPrompt<F extends FunctionName>(name: F, args: ArgsOf<F>): Promise<readonly ChatMessage[]> {
  try {
    const render = b.request[name] as unknown as (...args: readonly unknown[]) => ReturnType<Requests[F]>;
    const request = await render.apply(b.request, args);
    return renderedBody.parse(request.body.json()).messages;
  } catch (error) {
    throw terminal('CASC_PROMPT_NOT_RENDERED', `The prompt of ${name} could not be rendered: ${bamlMessage(error)}`, { cause: error });
  }
}

/**
 * BAML's reading of an answer, as plain data. It is lenient and drops what does not fit, so its result is only to be
 * used together with `findLosses`. Synchronous, and slow on bracketed prose: bound the text first (`readStrictJson`).
 */
export function parseAnswer<F extends FunctionName>(name: F, text: string): AnswerOf<F> {
  const parse = b.parse[name] as unknown as (text: string) => unknown;
  const parsed = parse.call(b.parse, text);
  // The native library builds its objects in the main realm; a round trip gives plain objects of this one.
  return JSON.parse(JSON.stringify(parsed)) as AnswerOf<F>;
}
