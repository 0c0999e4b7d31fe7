import { describe, expect, it } from '@jest/globals';
import { integer, array, assert, oneof, constant, property, record } from 'fast-check';
import { MAX_WAITING_MS, pause, resume, type Deadline } from './deadline-pause.js';

const start = 1_700_000_000_000;
const event = record({ after: integer({ min: 0, max: 10 * 3_600_000 }), what: oneof(constant('ask'), constant('answer')) });

describe('a deadline that pauses while a person is asked', () => {
  it('runs for exactly as long as nobody is waited for, whatever the order and number of questions and answers', () => {
    assert(property(integer({ min: 1, max: 3_600_000 }), array(event, { maxLength: 40 }), (given, events) => {
      let [now, open, running, deadline] = [start, 0, 0, { at: start + given } as Deadline];
      for (const { after, what } of events) {
        now += after;
        if (open === 0) running += after;
        if (what === 'ask') {
          open += 1;
          deadline = pause(deadline, now);
          expect(deadline.at).toBe(now + MAX_WAITING_MS);
        } else if (open > 0 && --open === 0) {
          deadline = resume(deadline, now);
        }
        if (open > 0) expect(deadline.leftMs).toBe(Math.max(0, given - running));
        else if (running < given) expect(deadline).toEqual({ at: now + given - running });
        if (running >= given) return; // it has passed: the supervisor ends the cascade
      }
    }));
  });

  it('that has passed when the question comes leaves nothing for afterwards', () => {
    expect(resume(pause({ at: start - 5 }, start), start + 1_000)).toEqual({ at: start + 1_000 });
  });
});
