import { asCascadeError, terminal, type Predictor } from '@cascade/contracts';
import type { Values } from './chat-adapter.js';
import { isUnusableAnswer, predict, type PredictContext } from './predict.js';

/** How good an answer is: 1 ends the search. `feedback` is what really happened, e.g. test output, not advice. */
export interface Reward {
  readonly score: number;
  readonly feedback?: string;
  /** Ends the search early: another try from here would repeat the same failure. */
  readonly giveUp?: boolean;
}

export interface SearchOptions {
  readonly attempts: number;
  /** Input values of one attempt, counted from 1: what may have changed since the last, e.g. the current files. */
  readonly inputs: (attempt: number) => Values;
  readonly reward: (values: Values, attempt: number) => Promise<Reward>;
  /** The context of one attempt, so that its requests get names of their own. */
  readonly context: (attempt: number) => PredictContext;
  /** Told when an attempt had no usable answer; such an attempt is a used one. */
  readonly onUnusable?: (attempt: number, problem: string) => Promise<void>;
}

export interface SearchResult {
  readonly best?: { readonly values: Values; readonly score: number; readonly attempt: number };
  readonly attempts: number;
  readonly feedback?: string;
}

const THRESHOLD = 1;

/** Independent attempts; the first with full score, or the best. */
export async function bestOfN(predictor: Predictor, options: SearchOptions): Promise<SearchResult> {
  return search(predictor, options, false);
}

/** As DSPy's Refine, but what happened with the last answer is the `hint` of the next, instead of a model's advice. */
export async function refine(predictor: Predictor, options: SearchOptions, firstHint?: string): Promise<SearchResult> {
  return search(predictor, options, true, firstHint);
}

async function search(predictor: Predictor, options: SearchOptions, hinted: boolean, firstHint?: string): Promise<SearchResult> {
  if (options.attempts < 1) throw terminal('CASC_PROGRAM_INVALID', `${predictor.name}: at least one attempt is needed.`);
  let feedback = firstHint;
  let best: SearchResult['best'];
  let attempt = 0;
  while (attempt < options.attempts) {
    attempt += 1;
    const inputs = { ...options.inputs(attempt), ...(hinted && feedback !== undefined ? { hint: feedback } : {}) };
    const reward = await attemptOnce(predictor, inputs, options, attempt);
    if (reward.values !== undefined && (best === undefined || reward.score > best.score)) best = { values: reward.values, score: reward.score, attempt };
    feedback = reward.feedback;
    if (reward.score >= THRESHOLD || reward.giveUp === true) break;
  }
  return { attempts: attempt, ...(best === undefined ? {} : { best }), ...(feedback === undefined ? {} : { feedback }) };
}

async function attemptOnce(predictor: Predictor, inputs: Values, options: SearchOptions, attempt: number): Promise<Reward & { values?: Values }> {
  let values: Values;
  try {
    values = (await predict(predictor, inputs, options.context(attempt))).values;
  } catch (error) {
    if (!isUnusableAnswer(error)) throw error;
    const problem = asCascadeError(error).message;
    await options.onUnusable?.(attempt, problem);
    return { score: 0, feedback: problem };
  }
  return { ...(await options.reward(values, attempt)), values };
}
