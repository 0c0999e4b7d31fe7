import type { Confidence } from '../graph/graph-rows.js';
import type { Definition } from './file-names.js';

/** What a call means. */
export interface Target {
  readonly to: Definition;
  readonly confidence: Confidence;
}

/** Whether a definition takes so many arguments; true where either does not say. */
export const fits = ({ arity }: Definition, count: number | undefined): boolean =>
  arity === undefined || count === undefined || (count >= arity.least && count <= arity.most);

/**
 * Which of a name's definitions a call of Java means, by the number of its arguments: one of a fixed number before those that
 * take any (JLS 15.12.2), another before the caller itself, which rarely calls itself and often the one that does the work.
 * Where types would have to decide it is the first, and `maybe`; undefined when none fits, because it is one that is not here.
 */
export function overloadOf(all: readonly Definition[], count: number | undefined, isCaller: (one: Definition) => boolean): Target | undefined {
  const fitting = all.filter((one) => fits(one, count));
  const fixed = fitting.filter(({ arity }) => arity?.most !== Infinity);
  const few = fixed.length > 0 ? fixed : fitting;
  const others = few.length > 1 ? few.filter((one) => !isCaller(one)) : few;
  const [to] = others;
  return to === undefined ? undefined : { to, confidence: others.length === 1 ? 'call' : 'maybe' };
}
