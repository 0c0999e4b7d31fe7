import { findLosses } from './answer-losses.js';
import { bamlMessage, parseAnswer, type AnswerOf, type ObjectFunctionName } from './baml-functions.js';
import type { Judgement } from './judgement.js';
import { readStrictJson } from './strict-json.js';

/** Reads an answer as the function's object: strict JSON in, everything that was in it out, or the problems. */
export function readObjectAnswer<F extends ObjectFunctionName>(name: F, answer: string): Judgement<AnswerOf<F>> {
  const json = readStrictJson(answer);
  if (!json.ok) return { problems: [json.problem] };
  try {
    const value = parseAnswer(name, json.text);
    const losses = findLosses(json.value, value);
    return losses.length === 0 ? { value } : { problems: losses };
  } catch (error) {
    return { problems: [`The answer does not fit the schema: ${bamlMessage(error)}`] };
  }
}
