import { isCascadeError, terminal, type Predictor } from '@cascade/contracts';
import { parseAnswer, renderPrompt, type Prompt, type Values } from './chat-adapter.js';
import { checkConstraints, type HostPredicates } from './constraints.js';

/** The port to a model. `attempt` counts from 1 within one prediction, so that the caller can name each request. */
export type LanguageModel = (system: string, user: string, options: { readonly attempt: number; readonly signal: AbortSignal }) => Promise<string>;

export interface PredictContext {
  readonly model: LanguageModel;
  readonly signal: AbortSignal;
  readonly predicates?: HostPredicates;
}

export interface Prediction {
  readonly values: Values;
  /** Answers until one was well-formed. */
  readonly answers: number;
  /** Violated suggestions of the answer that was taken. */
  readonly suggestions: readonly string[];
}

/** Badly formed answers in a row until a prediction gives up: the first and two corrections. */
export const MAX_ANSWERS = 3;
/** Bound of the bad answer that is shown again; its middle is left out, because its problems are listed anyway. */
const MAX_SHOWN_ANSWER_CHARS = 24_000;

/**
 * Predict, and ChainOfThought by the predictor's strategy: asks, parses, checks; what is wrong goes back in one
 * correction turn that holds only the last answer. Throws `CASC_PROGRAM_ANSWER_INVALID` (terminal) with the problems of
 * the last answer, and `CASC_CANCELLED` through the signal's reason.
 */
export async function predict(predictor: Predictor, inputs: Values, context: PredictContext): Promise<Prediction> {
  requireInputs(predictor, inputs);
  const prompt = renderPrompt(predictor, inputs);
  let asked = prompt;
  let problems: string[] = [];
  for (let attempt = 1; attempt <= MAX_ANSWERS; attempt += 1) {
    context.signal.throwIfAborted();
    const answer = await context.model(asked.system, asked.user, { attempt, signal: context.signal });
    const parsed = parseAnswer(predictor, answer);
    const checked = parsed.problems.length > 0 ? { asserts: parsed.problems, suggests: [] } : checkConstraints(predictor, parsed.values, context.predicates ?? {});
    if (checked.asserts.length === 0) return { values: parsed.values, answers: attempt, suggestions: checked.suggests };
    problems = checked.asserts;
    asked = correction(prompt, answer, problems);
  }
  throw terminal('CASC_PROGRAM_ANSWER_INVALID', `${predictor.name}: ${MAX_ANSWERS} answers in a row were not usable: ${problems.join(' ').slice(0, 2000)}`, {
    findings: problems.slice(0, 50), advice: 'A model that follows the answer format better may be needed.',
  });
}

export const isUnusableAnswer = (error: unknown): boolean => isCascadeError(error) && error.code === 'CASC_PROGRAM_ANSWER_INVALID';

function requireInputs(predictor: Predictor, inputs: Values): void {
  const missing = predictor.signature.inputs.filter((field) => field.optional !== true && inputs[field.name] === undefined).map((field) => field.name);
  if (missing.length > 0) throw terminal('CASC_PROGRAM_INPUT_MISSING', `${predictor.name}: no value for ${missing.join(', ')}.`);
}

function correction(prompt: Prompt, answer: string, problems: readonly string[]): Prompt {
  const half = MAX_SHOWN_ANSWER_CHARS / 2;
  const shown = answer.length <= MAX_SHOWN_ANSWER_CHARS ? answer : `${answer.slice(0, half)}\n(${answer.length - 2 * half} characters of your answer are not shown)\n${answer.slice(-half)}`;
  const list = problems.slice(0, 20).map((problem) => `- ${problem}`).join('\n');
  return { system: prompt.system, user: `${prompt.user}\n\nYour last answer was:\n<<<\n${shown}\n>>>\n\nIt cannot be used:\n${list}\n\nAnswer again, with all fields, in the same structure.` };
}
