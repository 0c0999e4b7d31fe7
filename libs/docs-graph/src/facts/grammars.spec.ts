import { describe, expect, it } from '@jest/globals';
import { Grammars } from './grammars.js';
import { languages } from './languages.js';

describe('Grammars', () => {
  it('say which grammar is missing, or does not know what its query asks for', async () => {
    const [first] = languages;
    if (first === undefined) throw new TypeError('no language');
    await expect(Grammars.open([{ ...first, grammar: 'tree-sitter-none/none.wasm' }])).rejects.toMatchObject({ code: 'CASC_GRAMMAR_UNUSABLE' });
    await expect(Grammars.open([{ ...first, query: '(no_such_node) @call' }])).rejects.toMatchObject({ code: 'CASC_GRAMMAR_UNUSABLE' });
  });

  it('give nothing for a language that was not asked for', async () => {
    const grammars = await Grammars.open(languages.filter(({ name }) => name === 'go'));
    expect(languages.filter((language) => grammars.of(language) !== undefined).map(({ name }) => name)).toEqual(['go']);
    grammars.close();
  });
});
