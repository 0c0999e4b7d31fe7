import { describe, expect, it } from '@jest/globals';
import type { ChatState } from './chat-state.js';
import { allOf, anyOf, lastSaid, maxRounds, saidMoreThan, type Stop } from './termination.js';

const state = (...speakers: string[]): ChatState => ({
  sequence: 1, status: 'running', messages: speakers.map((speaker, index) => ({ speaker, content: String(index) })),
  config: { roles: [], selection: 'auto', transitions: {}, maxRounds: 3, terminations: [] },
});
const stop = (reason: string): Stop => ({ reason, outcome: 'completed' });
const a = lastSaid('a', () => true, stop('a'));
const twice = saidMoreThan(1, 'a', () => true, stop('twice'));

describe('terminations', () => {
  it('look at the last message, at counts and at the limit', () => {
    expect([a(state('b', 'a')), a(state('a', 'b')), a(state())]).toEqual([stop('a'), undefined, undefined]);
    expect([twice(state('a', 'b', 'a')), twice(state('a', 'b'))]).toEqual([stop('twice'), undefined]);
    expect([maxRounds(state('a', 'b', 'c'))?.outcome, maxRounds(state('a', 'b'))]).toEqual(['exhausted', undefined]);
  });

  it('compose', () => {
    expect(anyOf(twice, a)(state('a'))).toEqual(stop('a'));
    expect(anyOf()(state('a'))).toBeUndefined();
    expect(allOf(a, twice)(state('a', 'a'))).toEqual({ reason: 'a and twice', outcome: 'completed' });
    expect(allOf(a, twice)(state('a'))).toBeUndefined();
    expect(allOf()(state('a'))).toBeUndefined();
  });
});
