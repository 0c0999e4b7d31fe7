import { describe, expect, it } from '@jest/globals';
import { Preamble } from './preamble.js';

describe('Preamble', () => {
  it('gives what stands directly above, once', () => {
    const preamble = new Preamble();
    preamble.comment('/// Says it.', 3, 3);
    preamble.mark('#[test]', 4, 5);
    preamble.comment('// And why.', 6, 6);
    expect(preamble.take(7)).toEqual({ doc: 'Says it.\nAnd why.', marks: ['#[test]'] });
    expect(preamble.take(7)).toEqual({ doc: '', marks: [] });
  });

  it('forgets what an empty line or other code cuts off', () => {
    const preamble = new Preamble();
    preamble.comment('// licence', 1, 1);
    preamble.comment('// doc', 3, 3);
    expect(preamble.take(4).doc).toBe('doc');
    preamble.mark('@Old()', 5, 5);
    expect(preamble.take(7).marks).toEqual([]);
  });

  it('leaves what speaks about the file to the file', () => {
    const preamble = new Preamble();
    preamble.comment('//! The module.', 1, 1);
    preamble.comment('/// The function.', 2, 2);
    expect(preamble.take(3).doc).toBe('The function.');
  });
});
