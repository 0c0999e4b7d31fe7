import { describe, expect, it } from '@jest/globals';
import { factBounds } from './bounds.js';
import { countLines, decodeText } from './decode-text.js';

describe('decodeText', () => {
  it('gives one form of line end, and no byte order mark', () => {
    expect(decodeText(Buffer.from('\uFEFFa\r\nb\nc\r'))).toEqual({ text: 'a\nb\nc\r' });
  });

  it.each([
    ['binary', Buffer.from('text\0text')],
    ['binary', Buffer.from('UTF-16', 'utf16le')],
    ['not-utf8', Buffer.from([0x63, 0x61, 0x66, 0xe9])],
    ['not-utf8', Buffer.from([0xed, 0xa0, 0x80])], // a lone surrogate
    ['not-utf8', Buffer.from([0xc0, 0xaf])], // overlong
    ['too-large', Buffer.alloc(factBounds.fileBytes + 1, 0x20)],
  ])('skips what is %s', (reason, bytes) => {
    expect(decodeText(bytes)).toEqual({ reason });
  });

  it('takes a file of exactly the largest size', () => {
    expect(decodeText(Buffer.alloc(factBounds.fileBytes, 0x20))).toHaveProperty('text');
  });
});

describe('countLines', () => {
  it.each([['', 0], ['a', 1], ['a\n', 1], ['a\nb', 2], ['\n', 1], ['\n\n', 2]])('%j has %i', (text, count) => {
    expect(countLines(text)).toBe(count);
  });
});
