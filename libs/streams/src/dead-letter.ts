import { streamKeys, type EntryFields, type Problem } from '@cascade/messages';
import type { Write } from './commit-job.js';
import { flatten, type Delivery } from './stream-entry.js';

/** An entry that nobody will try again, with everything that is needed to understand it and to deliver it once more. */
export interface DeadLetter {
  readonly stream: string;
  readonly entryId: string;
  readonly fields: EntryFields;
  readonly problem: Problem;
  /** Times that it was handled or delivered. */
  readonly attempts: number;
  /** RFC 3339. */
  readonly time: string;
}

export function deadLetterWrite(service: string, delivery: Pick<Delivery, 'stream' | 'id' | 'fields'>, problem: Problem, attempts: number): Write {
  const fields = {
    stream: delivery.stream,
    entry_id: delivery.id,
    type: delivery.fields['type'] ?? '',
    cascade_id: delivery.fields['correlationid'] ?? '',
    code: problem.code,
    attempts: String(attempts),
    time: new Date().toISOString(),
    problem: JSON.stringify(problem),
    entry: JSON.stringify(delivery.fields),
  };
  return { operation: 'XADD', key: streamKeys.deadLetters(service), args: ['*', ...flatten(fields)] };
}

/** The fields of an entry of `dead:<service>`, which only `deadLetterWrite` writes. */
export function parseDeadLetter(fields: EntryFields): DeadLetter {
  return {
    stream: fields['stream'] ?? '',
    entryId: fields['entry_id'] ?? '',
    fields: JSON.parse(fields['entry'] ?? '{}') as EntryFields,
    problem: JSON.parse(fields['problem'] ?? '{}') as Problem,
    attempts: Number(fields['attempts']),
    time: fields['time'] ?? '',
  };
}
