import fc from 'fast-check';
import { MAX_DATA_DEPTH, type CommandDefinition, type EventDefinition } from '@cascade/contracts';
import type { z } from 'zod';
import { breakPayload, type PayloadFault } from './payload-faults.js';
import { payloadSamples } from './payload-samples.js';

export type Definition = EventDefinition | CommandDefinition;

/** One stream entry, in the order of its fields; a value may be bytes that are no text. */
export interface FuzzEntry {
  readonly type: string;
  readonly fields: readonly (readonly [name: string, value: string | Buffer])[];
  /** Where it is wrong, as findings name it: `time`, `data.stories.0.title`; undefined when it is valid. */
  readonly place?: string;
  readonly trick: string;
}

type Fields = FuzzEntry['fields'];
type Fault = readonly [trick: string, place: string, fields: Fields];

const payloadOf = (definition: Definition): z.ZodType => (definition.kind === 'event' ? definition.schema : definition.request);

/** A few valid payloads: making one costs a millisecond, breaking one nearly nothing. */
const somePayloads = (definition: Definition, seed: number): fc.Arbitrary<unknown> =>
  fc.constantFrom(...fc.sample(payloadSamples(payloadOf(definition)), { numRuns: 12, seed }) as unknown[]);

/** Entries that the contract accepts; some carry what nobody asked for, which must not disturb. */
export function validEntries(definition: Definition, seed: number): fc.Arbitrary<FuzzEntry> {
  const extras = fc.constantFrom<Fields>([], [], [['__proto__', '{"polluted":"yes"}']], [['constructor', 'x'], ['\0', '\0']], [['unknownextension', 'é'.repeat(1000)]]);
  return fc.tuple(somePayloads(definition, seed), fc.uuid(), extras, fc.boolean()).map(([data, id, extra, pollutes]) => {
    const text = JSON.stringify(data);
    return { type: definition.type, trick: 'valid', fields: [...extra, ...envelope(definition, id, pollutes ? withForeignKeys(text) : text)] };
  });
}

/** Entries that must go to the dead letters: one thing is wrong with each. */
export function malformedEntries(definition: Definition, seed: number): fc.Arbitrary<FuzzEntry> {
  return fc.tuple(somePayloads(definition, seed), fc.uuid(), fc.nat(), fc.nat(), fc.nat()).map(([data, id, kind, at, how]) => {
    const faults = kind % 10 < 6 ? payloadFault(definition, id, breakPayload(payloadOf(definition), data, at, how)) : kind % 10 < 8 ? textFaults(definition, id, JSON.stringify(data), at) : envelopeFaults(definition, id, JSON.stringify(data));
    const [trick, place, fields] = faults[how % faults.length]!;
    return { type: definition.type, trick, place, fields };
  });
}

function envelope(definition: Definition, id: string, data: string | Buffer): Fields {
  const common: Fields = [['id', id], ['type', definition.type], ['dataschema', definition.dataschema], ['correlationid', `c-${id}`]];
  return definition.kind === 'command' ? [...common, ['cascadekey', `k-${id}`], ['data', data]]
    : [['specversion', '1.0'], ['source', 'urn:fuzz'], ['time', '2026-01-02T03:04:05.678Z'], ['datacontenttype', 'application/json'], ...common, ['data', data]];
}

/** Keys that no contract has, among them those that change objects in careless programs. */
const withForeignKeys = (text: string): string => `${text.slice(0, -1)}${text === '{}' ? '' : ','}"__proto__":{"polluted":"yes"},"constructor":{"prototype":{"polluted":"yes"}},"toString":1,"\\u0000":null}`;

const payloadFault = (definition: Definition, id: string, fault: PayloadFault): readonly Fault[] => [[fault.trick, fault.place, envelope(definition, id, fault.text)]];

/** What is wrong with the text before any schema looks at it. */
function textFaults(definition: Definition, id: string, text: string, at: number): readonly Fault[] {
  const bytes = (...before: number[]): Buffer => Buffer.concat([Buffer.from(before), Buffer.from(text)]);
  const nested = MAX_DATA_DEPTH + 1 + (at % 5_000);
  const wrong: readonly (readonly [string, string | Buffer])[] = [
    ['truncated', text.slice(0, at % text.length)], ['trailing bracket', `${text}}`], ['two documents', text + text], ['single quotes', text.replaceAll('"', '\'')],
    ['byte order mark', `\ufeff${text}`], ['empty', ''], ['null', 'null'], ['a list', `[${text}]`], ['a string', JSON.stringify(text)], ['NaN', 'NaN'], ['too large a number', '1e999'],
    ['a comment', `/* */${text}`], ['null byte', `\0${text}`], ['bytes that are no UTF-8', bytes(0xff, 0xfe)], ['overlong UTF-8', bytes(0xc0, 0xaf)], ['half a surrogate in UTF-8', bytes(0xed, 0xa0, 0x80)], ['raw line break in a string', text.replace('"', '"\n')],
    ['deep lists', '['.repeat(nested) + ']'.repeat(nested)], ['deep objects', '{"a":'.repeat(nested) + '1' + '}'.repeat(nested)], ['never closed', '['.repeat(nested)],
    ['deep below a key', `${text.slice(0, -1)},"x":${'['.repeat(nested)}${']'.repeat(nested)}}`],
  ];
  const changed = wrong.filter(([, value]) => value !== text); // e.g. `{}` has no quotes that could be single ones
  return [...changed.map(([trick, value]): Fault => [trick, 'data', envelope(definition, id, value)]), ...repeatedKey(definition, id, text)];
}

/** JSON allows a key twice, and the last counts: a bad one must not hide behind a good one. */
function repeatedKey(definition: Definition, id: string, text: string): Fault[] {
  const [first] = Object.keys(JSON.parse(text) as object);
  return first === undefined ? [] : [['repeated key', `data.${first}`, envelope(definition, id, `${text.slice(0, -1)},${JSON.stringify(first)}:{"no":0}}`)]];
}

function envelopeFaults(definition: Definition, id: string, text: string): readonly Fault[] {
  const fields = envelope(definition, id, text);
  const with_ = (name: string, value: string | Buffer): Fields => [...fields.filter(([field]) => field !== name), [name, value]];
  const wrong: Record<string, readonly (string | Buffer)[]> = {
    id: ['', 'i'.repeat(201), 'i'.repeat(1_000_000)], correlationid: ['', 'c'.repeat(201)],
    dataschema: [definition.dataschema.replace(/v1$/, 'v2'), definition.dataschema.replace(/v1$/, 'v0'), 'urn:other', 's'.repeat(301)],
    ...(definition.kind === 'command' ? { cascadekey: ['', 'k'.repeat(1001)] } : eventAttributes(definition.type)),
  };
  const required = definition.kind === 'command' ? ['id', 'type', 'dataschema', 'correlationid', 'cascadekey', 'data'] : ['type', 'data'];
  return [
    ...Object.entries(wrong).flatMap(([name, values]) => values.map((value): Fault => [`attribute ${name}`, name, with_(name, value)])),
    ...required.map((name): Fault => [`no ${name}`, name, fields.filter(([field]) => field !== name)]),
    ['repeated field', 'data', [...fields, ['data', '{']]],
    ['another entry', definition.kind === 'command' ? 'id' : 'type', [['nonsense', '1']]],
    ['field of bytes', definition.kind === 'command' ? 'id' : 'type', [[' ÿ', Buffer.from([0xff, 0x00])]]],
  ];
}

const eventAttributes = (type: string): Record<string, readonly (string | Buffer)[]> => ({
  specversion: ['0.3', '2.0', '', '1.0 '], source: ['', 's'.repeat(501)],
  type: ['work.unheard_of', type.toUpperCase(), `${type}\0`, `${type}\n`, '__proto__', Buffer.from([0xff]), 't'.repeat(100_000)],
  time: ['yesterday', '2026-13-01T00:00:00Z', '2026-02-30T00:00:00Z', '1767323045', '', '2026-01-02T03:04:05'],
  expirytime: ['later', '2026-01-01T25:00:00Z', '0'], subject: ['s'.repeat(4001)],
  datacontenttype: ['text/xml', 'application/json; charset=utf-16'],
  causationid: ['', 'c'.repeat(201)], traceparent: ['00-zz-zz-00', '', '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331'],
});
