import { describe, expect, it } from '@jest/globals';
import { stem } from './stem.js';

describe('stem', () => {
  it.each([
    ['files', 'file'], ['parsing', 'pars'], ['status', 'status'], ['analysis', 'analysis'], ['less', 'less'], ['sing', 'sing'], ['red', 'red'], ['running', 'run'], ['calling', 'call'],
    ['boxes', 'box'], ['queries', 'query'], ['size', 'size'], ['größen', 'größen'], ['utf8s', 'utf8s'], ['', ''],
  ])('%s becomes %s', (word, form) => {
    expect(stem(word)).toBe(form);
  });
});
