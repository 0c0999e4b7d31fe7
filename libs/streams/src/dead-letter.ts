import { MAX_DATA_BYTES, streamKeys, type EntryFields, type Problem } from '@cascade/messages';
import { attemptsOf, type Attempt } from './attempt-log.js';
import type { Write } from './commit-job.js';
import { flatten, type Delivery } from './stream-entry.js';

/**
 * Bound of the dead letters of one service. Beyond it the oldest go, with an error in the log: a dead letter is for people
 * to look at, nothing waits for it (its cascade has ended), and refusing new ones would stop the service.
 */
export const MAX_DEAD_LETTERS = 20_000;
/** What is kept of a field that is longer than any field of an event, and of an entry that has more fields than any event. */
const CUT_CHARACTERS = 1_000;
const MAX_FIELDS_KEPT = 100;

/** An entry that nobody will try again, with everything that is needed to understand it and to deliver it once more. */
export interface DeadLetter {
  readonly service: string;
  readonly stream: string;
  readonly entryId: string;
  readonly fields: EntryFields;
  /** The entry was longer than any event; only its beginning is here, and it cannot be delivered again. */
  readonly cut: boolean;
  readonly problem: Problem;
  /** Times that it was handled or delivered. */
  readonly attempts: number;
  /** Handlings that ended with an error, oldest first; a delivery whose process died is not among them. */
  readonly failed: readonly Attempt[];
  /** RFC 3339. */
  readonly time: string;
}

/** A dead letter where it lies. */
export interface StoredLetter extends DeadLetter {
  /** Its place in `dead:<service>`. */
  readonly id: string;
}

export function deadLetterWrite(service: string, delivery: Pick<Delivery, 'stream' | 'id' | 'fields'>, problem: Problem, attempts: number, failed: readonly Attempt[] = []): Write {
  const { entry, cut } = bounded(delivery.fields);
  const fields = {
    service,
    stream: delivery.stream,
    entry_id: delivery.id,
    type: entry['type'] ?? '',
    cascade_id: entry['correlationid'] ?? '',
    code: problem.code,
    attempts: String(attempts),
    ...(failed.length === 0 ? {} : { failed: JSON.stringify(failed) }),
    time: new Date().toISOString(),
    problem: JSON.stringify(problem),
    entry: JSON.stringify(entry),
    ...(cut ? { cut: '1' } : {}),
  };
  return { operation: 'XADD', key: streamKeys.deadLetters(service), args: ['*', ...flatten(fields)] };
}

/** The fields of an entry of `dead:<service>`, which only `deadLetterWrite` writes. */
export function parseDeadLetter(fields: EntryFields): DeadLetter {
  return {
    service: fields['service'] ?? '',
    stream: fields['stream'] ?? '',
    entryId: fields['entry_id'] ?? '',
    fields: JSON.parse(fields['entry'] ?? '{}') as EntryFields,
    cut: fields['cut'] === '1',
    problem: JSON.parse(fields['problem'] ?? '{}') as Problem,
    attempts: Number(fields['attempts']),
    failed: attemptsOf(fields['failed']),
    time: fields['time'] ?? '',
  };
}

function bounded(fields: EntryFields): { entry: EntryFields; cut: boolean } {
  const all = Object.entries(fields);
  const kept = all.slice(0, MAX_FIELDS_KEPT).map(([name, value]) => [name.slice(0, CUT_CHARACTERS), value.length > MAX_DATA_BYTES ? value.slice(0, CUT_CHARACTERS) : value] as const);
  const cut = all.length > kept.length || kept.some(([name, value], index) => name !== all[index]![0] || value !== all[index]![1]);
  return { entry: Object.fromEntries(kept), cut };
}
