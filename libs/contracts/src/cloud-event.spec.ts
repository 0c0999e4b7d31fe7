import { describe, expect, it } from '@jest/globals';
import { cascadeRequested } from './cascade-events.js';
import { fromEntry, MAX_DATA_BYTES, toEntry } from '@cascade/messages';

const data = { request: 'Add discount codes', repository: '/srv/shop' };

describe('stream entries', () => {
  it('carry an event there and back', () => {
    const event = {
      id: '0190163d-8694-739b-aea5-966c26f8ad91', type: 'cascade.requested', source: 'urn:test', time: '2026-01-02T03:04:05.000Z', subject: 'x',
      cascadeId: 'c1', causationId: 'cause', expiryTime: '2026-01-02T04:04:05.000Z', traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
      dataschema: cascadeRequested.dataschema, data,
    };
    expect(fromEntry(cascadeRequested, '1-0', toEntry(event))).toEqual(event);
  });

  it('from an outside publisher need only type and data, and a redelivery derives the same rest', () => {
    const entry = { type: 'cascade.requested', data: JSON.stringify(data) };
    const event = fromEntry(cascadeRequested, '1767323045000-3', entry);
    expect(event).toMatchObject({ time: '2026-01-02T03:04:05.000Z', data });
    expect(event.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(event.cascadeId).toBe(event.id);
    expect(fromEntry(cascadeRequested, '1767323045000-3', entry)).toEqual(event);
    expect(fromEntry(cascadeRequested, '1767323045000-4', entry).id).not.toBe(event.id);
  });

  it.each([
    ['no JSON', { type: 'cascade.requested', data: '{' }, 'data: is not JSON'],
    ['a wrong payload', { type: 'cascade.requested', data: '{"request":"","repository":5}' }, 'data.repository'],
    ['another type', { type: 'spec.ready', data: '{}' }, 'this stream carries "cascade.requested"'],
    ['an unknown version', { type: 'cascade.requested', data: JSON.stringify(data), dataschema: 'urn:cascade:event:cascade.requested:v9' }, 'v9'],
    ['a hostile time', { type: 'cascade.requested', data: JSON.stringify(data), time: 'yesterday' }, 'time'],
    ['no data', { type: 'cascade.requested' }, 'data'],
  ])('with %s are refused, and the message says why', (_case, entry, part) => {
    expect(() => fromEntry(cascadeRequested, '1-0', entry as Record<string, string>)).toThrow(expect.objectContaining({ code: 'CASC_EVENT_INVALID', kind: 'terminal', message: expect.stringContaining(part) }));
  });

  it('name every problem of a payload, not only the first', () => {
    expect(() => fromEntry(cascadeRequested, '1-0', { type: 'cascade.requested', data: '{"request":"","repository":""}' })).toThrow(expect.objectContaining({ findings: [expect.stringContaining('data.request'), expect.stringContaining('data.repository')] }));
  });

  it('past the size limit are not published', () => {
    const event = { id: 'i', type: 't', source: 's', time: '2026-01-02T03:04:05.000Z', cascadeId: 'c', dataschema: 'd', data: 'é'.repeat(MAX_DATA_BYTES / 2) };
    expect(() => toEntry(event)).toThrow(expect.objectContaining({ code: 'CASC_PAYLOAD_TOO_LARGE' }));
  });
});
