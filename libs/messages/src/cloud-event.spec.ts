import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import { fromEntry, toEntry, type EntryFields } from './cloud-event.js';
import { defineEvent } from './event-definition.js';

const planned = defineEvent('task.planned', 'For this test.', z.object({ n: z.number() }));
const ours = toEntry({
  id: 'a', type: planned.type, source: 'urn:x', time: '2026-01-05T09:00:00.000Z', cascadeId: 'c', subject: 's', causationId: 'b',
  expiryTime: '2026-01-06T09:00:00.000Z', dataschema: planned.dataschema, data: { n: 1 },
});

/** A field with a value of its own kind or any other, of lengths about the bounds. */
const text = fc.oneof(
  fc.string(), fc.constantFrom('', '1.0', 'application/json', planned.type, planned.dataschema, '{"n":2}', '[', '2026-02-29T09:00:00.000Z', '2026-02-28T09:00:00.000Z', '2028-02-29T09:00:00+01:00'),
  fc.integer({ min: 198, max: 202 }).map((length) => 'x'.repeat(length)), fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
);
const change = fc.record({ field: fc.constantFrom(...Object.keys(ours), 'traceparent', 'other'), value: fc.option(text) });

const read = (fields: EntryFields): unknown => {
  try {
    return fromEntry(planned, '1-0', fields);
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe('reading an entry', () => {
  it('says of an entry that looks like ours what the schema says', () => {
    fc.assert(fc.property(fc.array(change, { maxLength: 2 }), (changes) => {
      const fields: Record<string, string> = { ...ours };
      for (const { field, value } of changes) {
        if (value === null) delete fields[field];
        else fields[field] = value;
      }
      const { specversion, ...schemaDecides } = fields; // only an entry with a version is looked at quickly
      expect(read(fields)).toEqual(specversion === undefined || specversion === '1.0' ? read(schemaDecides) : 'CASC_EVENT_INVALID');
    }), { numRuns: 2_000 });
  });
});
