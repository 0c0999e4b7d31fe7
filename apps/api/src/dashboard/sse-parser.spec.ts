import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SseParser } from './sse-parser.js';

const stream = 'retry: 2000\n\nevent: state\ndata: {"a":1}\n\n: still here\n\nid: 5-0\nevent: progress\ndata: one\ndata: two\n\ndata:three\r\n\r\n';

it('reads events, comments and fields as the standard says', () => {
  expect(new SseParser().push(stream)).toEqual([{ name: 'state', data: '{"a":1}', id: '' }, { name: 'progress', data: 'one\ntwo', id: '5-0' }, { name: 'message', data: 'three', id: '5-0' }]);
});

it('reads the same wherever the stream is cut', () => {
  const whole = new SseParser().push(stream);
  fc.assert(fc.property(fc.array(fc.nat(stream.length), { maxLength: 12 }), (cuts) => {
    const parser = new SseParser();
    const places = [0, ...cuts.toSorted((a, b) => a - b), stream.length];
    expect(places.slice(1).flatMap((to, index) => parser.push(stream.slice(places[index], to)))).toEqual(whole);
  }));
});
