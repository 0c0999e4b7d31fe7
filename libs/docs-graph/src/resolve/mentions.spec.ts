import { describe, expect, it } from '@jest/globals';
import { mentionsIn } from './mentions.js';

describe('mentionsIn', () => {
  it.each([
    ['Uses `sellAll` and sellNone.', ['1 sellAll']],
    ['`run` is a word, `run()` a call, `Shop` a name, `a_b` too.', ['1 run', '1 Shop', '1 a_b']],
    ['one\n`Shop.open(x)` and `shop::Door` and `Shop#close`', ['2 Shop.open', '2 shop.Door', '2 Shop.close']],
    ['```ts\nconst a = sellAll(new Shop(1), x.lockDoor());\n```\n`x y` `--flag` `a/b.ts`', ['2 sellAll', '2 Shop', '2 x.lockDoor']],
    ['`new Shop<T>(1)` `*Till`', ['1 Shop', '1 Till']],
    ['`unclosed', []],
  ])('%j names %j', (text, expected) => {
    expect(mentionsIn(text).map(({ parts, line }) => `${line} ${parts.join('.')}`)).toEqual(expected);
  });

  it('names each once, and no more than a section may', () => {
    expect(mentionsIn('`runAll` `runAll()`\n'.repeat(3))).toHaveLength(1);
    expect(mentionsIn(Array.from({ length: 500 }, (_, number) => `\`runAll${number}\``).join(' '))).toHaveLength(100);
  });
});
