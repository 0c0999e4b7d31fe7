import { describe, expect, it } from '@jest/globals';
import { commands, events } from '@cascade/contracts';
import fc from 'fast-check';
import { malformedEntries } from './entry-faults.js';
import { payloadSamples } from './payload-samples.js';

describe('the fuzzer', () => {
  it.each([...events, ...commands].map((definition) => [definition.type, definition] as const))('makes valid samples of %s and breaks nearly every place of them', (_type, definition) => {
    const schema = definition.kind === 'event' ? definition.schema : definition.request;
    for (const sample of fc.sample(payloadSamples(schema), { numRuns: 5, seed: 1 })) expect(schema.safeParse(sample)).toMatchObject({ success: true });
    const entries = fc.sample(malformedEntries(definition, 1), { numRuns: 300, seed: 2 });
    expect(new Set(entries.map((entry) => entry.trick)).size).toBeGreaterThan(20);
    expect(new Set(entries.map((entry) => entry.place)).size).toBeGreaterThan(5);
  });
});
