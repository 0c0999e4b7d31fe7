import { terminal, type Constraint, type Predictor } from '@cascade/contracts';
import type { Values } from './chat-adapter.js';

/** A named check of the executor; programs can name one but never bring one. Gives `true` or what is wrong. */
export type HostPredicate = (value: unknown, values: Values) => true | string;
export type HostPredicates = Readonly<Record<string, HostPredicate>>;

const size = (value: unknown): number => (typeof value === 'string' || Array.isArray(value) ? value.length : 0);
const pathOf = (item: unknown): string => (typeof item === 'object' && item !== null && 'path' in item ? String(item.path) : String(item));

/**
 * What a set of values violates: `asserts` must be mended, `suggests` are remarks. An optional field that is absent is
 * not checked. Throws `CASC_PREDICATE_UNKNOWN` for a `host` name that the executor does not have.
 */
export function checkConstraints(predictor: Predictor, values: Values, predicates: HostPredicates): { asserts: string[]; suggests: string[] } {
  const asserts: string[] = [];
  const suggests: string[] = [];
  for (const constraint of predictor.constraints) {
    const problem = violation(constraint, values, predicates);
    if (problem !== undefined) (constraint.severity === 'assert' ? asserts : suggests).push(problem);
  }
  return { asserts, suggests };
}

function violation(constraint: Constraint, values: Values, predicates: HostPredicates): string | undefined {
  const value = values[constraint.field];
  switch (constraint.op) {
    case 'host': {
      const predicate = Object.hasOwn(predicates, constraint.name) ? predicates[constraint.name] : undefined;
      if (predicate === undefined) throw terminal('CASC_PREDICATE_UNKNOWN', `A program names the check ${constraint.name}, which this executor does not have.`, { advice: `Known: ${Object.keys(predicates).sort().join(', ') || 'none'}.` });
      const result = value === undefined ? true : predicate(value, values);
      return result === true ? undefined : `${constraint.message}: ${result}`;
    }
    case 'minLength': case 'minItems': return value === undefined || size(value) >= constraint.value ? undefined : constraint.message;
    case 'maxLength': case 'maxItems': return size(value) <= constraint.value ? undefined : constraint.message;
    case 'everyPathIn': {
      const wrong = (Array.isArray(value) ? value : []).map(pathOf).filter((path) => !constraint.paths.includes(path));
      return wrong.length === 0 ? undefined : `${constraint.message} (not allowed: ${wrong.slice(0, 10).join(', ')}; allowed: ${constraint.paths.join(', ')})`;
    }
  }
}
