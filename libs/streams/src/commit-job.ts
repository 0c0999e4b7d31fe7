import { terminal, type Expectation } from '@cascade/messages';
import type { Fence } from './run-source.js';

/** One write of the commit script; the operations are listed there. LATER takes milliseconds from now and a member. */
export interface Write {
  readonly operation: 'HSET' | 'SADD' | 'SREM' | 'PEXPIRE' | 'PEXPIREAT' | 'XADD' | 'ZADD' | 'LATER' | 'ZREM' | 'RPUSH' | 'DEL' | 'PUBLISH';
  readonly key: string;
  readonly args: readonly string[];
}

/** The end of handling one entry. */
export interface CommitJob {
  readonly stream: string;
  readonly group: string;
  readonly id: string;
  /** The consumer that must still hold the entry; without one, whoever comes first has it. */
  readonly owner?: string | undefined;
  readonly fence?: Fence | undefined;
  readonly expect?: Expectation | undefined;
  readonly writes: readonly Write[];
}

/** See lua/commit-outcomes.lua. */
export type CommitResult = 'committed' | 'dropped' | 'fenced' | 'conflict';

/** Bound of one outcome; Lua's stack carries at most some thousand arguments per command. */
const MAX_WRITES = 1_000;
const MAX_ARGUMENTS = 2_000;

/** Throws `CASC_OUTCOME_TOO_LARGE` (terminal). */
export function checkBounds(writes: readonly Write[]): void {
  if (writes.length > MAX_WRITES) {
    throw terminal('CASC_OUTCOME_TOO_LARGE', `An outcome has ${writes.length} writes; the limit is ${MAX_WRITES}.`);
  }
  for (const write of writes) {
    if (write.args.length <= MAX_ARGUMENTS) continue;
    throw terminal('CASC_OUTCOME_TOO_LARGE', `${write.operation} ${write.key} has ${write.args.length} arguments; the limit is ${MAX_ARGUMENTS}.`);
  }
}

/** KEYS and the packed arguments of the commit script. */
export function encodeJobs(jobs: readonly CommitJob[]): { keys: string[]; args: (string | number)[] } {
  const indexes = new Map<string, number>();
  const indexOf = (key: string): number => {
    const known = indexes.get(key);
    if (known !== undefined) return known;
    indexes.set(key, indexes.size + 1);
    return indexes.size;
  };
  const args: (string | number)[] = [jobs.length];
  for (const { stream, group, id, owner, fence, expect, writes } of jobs) {
    args.push(indexOf(stream), group, id, owner ?? '');
    if (fence === undefined) args.push(0);
    else args.push(indexOf(fence.key), fence.field, fence.values.length, ...fence.values);
    if (expect === undefined) args.push(0);
    else args.push(indexOf(expect.key), expect.field, expect.value);
    args.push(writes.length);
    for (const write of writes) args.push(write.operation, indexOf(write.key), write.args.length, ...write.args);
  }
  return { keys: [...indexes.keys()], args };
}
