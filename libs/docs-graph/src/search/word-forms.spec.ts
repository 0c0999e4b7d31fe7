import { describe, expect, it } from '@jest/globals';
import { searchBounds } from './search-bounds.js';
import { stem } from './stem.js';
import { WordForms } from './word-forms.js';

const formsOf = (words: readonly string[]): WordForms => {
  const forms = new WordForms();
  for (const word of words) forms.add(stem(word));
  return forms;
};
const everywhere = (): boolean => true;

describe('WordForms', () => {
  it.each([
    ['cancel', 'cancellation'], ['serialize', 'serializer'], ['parse', 'parser'], ['config', 'configuration'], ['configuration', 'config'], ['expire', 'expiration'],
  ])('%s finds %s', (asked, word) => {
    expect(formsOf([word]).of(stem(asked), everywhere).map(({ term }) => term)).toEqual([stem(asked), stem(word)]);
  });

  it.each([
    ['auth', 'authorization'], ['set', 'settings'], ['context', 'container'], ['utf8', 'utf8text'], ['größe', 'größer'],
  ])('%s does not find %s', (asked, word) => {
    expect(formsOf([word]).of(stem(asked), everywhere)).toEqual([{ term: stem(asked), weight: 1 }]);
  });

  it('counts a form less the less of it is the same, and none that is not there', () => {
    const forms = formsOf(['lock', 'locker', 'lockless', 'lockable']);
    const found = forms.of('lock', (word) => word !== stem('lockable'));
    expect(found.map(({ term }) => term)).toEqual(['lock', 'locker', 'lockless']);
    expect(found.map(({ weight }) => weight)).toEqual([1, 0.6 * 4 / 6, 0.6 * 4 / 8]);
  });

  it('gives the nearest of many', () => {
    const forms = formsOf(Array.from({ length: 200 }, (_, number) => `lock${String.fromCharCode(97 + number % 26)}${'x'.repeat(number % 5)}`));
    const found = forms.of('lock', everywhere);
    expect(found).toHaveLength(1 + searchBounds.otherForms);
    expect(found.every(({ term }) => term.length <= 5)).toBe(true);
  });
});
