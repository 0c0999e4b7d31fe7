import { parseArgs } from 'node:util';
import { terminal } from '@cascade/contracts';

export interface ChaosArguments {
  /** Empty: all of them. */
  readonly scenarios: readonly string[];
  readonly seed: number;
  /** Undefined: as long as it takes. */
  readonly budgetSeconds: number | undefined;
  readonly repetitions: number | undefined;
}

const usage = 'npm run chaos -- [scenario…] [--seed N] [--budget SECONDS] [--repetitions N]';

/** Throws `CASC_CHAOS_USAGE` (terminal). `known`: names of the scenarios; `anySeed` is used when none is given. */
export function readChaosArguments(args: readonly string[], known: readonly string[], anySeed: () => number): ChaosArguments {
  const { values, positionals } = parse(args);
  const unknown = positionals.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw terminal('CASC_CHAOS_USAGE', `There is no scenario ${unknown.join(', ')}.`, { advice: `There are: ${known.join(', ')}` });
  return {
    scenarios: positionals,
    seed: wholeNumber('seed', values.seed) ?? anySeed(),
    budgetSeconds: wholeNumber('budget', values.budget),
    repetitions: wholeNumber('repetitions', values.repetitions),
  };
}

function parse(args: readonly string[]): { values: Readonly<Record<'seed' | 'budget' | 'repetitions', string | undefined>>; positionals: string[] } {
  try {
    const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options: { seed: { type: 'string' }, budget: { type: 'string' }, repetitions: { type: 'string' } } });
    return { values: { seed: values.seed, budget: values.budget, repetitions: values.repetitions }, positionals };
  } catch (error) {
    throw terminal('CASC_CHAOS_USAGE', (error as Error).message, { advice: usage });
  }
}

function wholeNumber(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw terminal('CASC_CHAOS_USAGE', `--${name} takes a whole number, not ${JSON.stringify(text)}.`, { advice: usage });
}
