import { describe, expect, it } from '@jest/globals';
import { fieldsOf, flatten } from './stream-entry.js';

describe('fieldsOf', () => {
  it('inherits nothing, and takes names that mean something to JavaScript as any other', () => {
    const empty = fieldsOf([]);
    for (const name of ['constructor', 'toString', '__proto__', 'hasOwnProperty']) expect(empty[name]).toBeUndefined();
    const flat = ['__proto__', 'a', 'constructor', 'b', 'data', '1'];
    const fields = fieldsOf(flat);
    expect(flatten(fields)).toEqual(flat);
    expect({ ...fields }['data']).toBe('1');
    expect(fieldsOf([])['__proto__']).toBeUndefined(); // each is its own
  });
});
