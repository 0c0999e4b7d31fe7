import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { terminal } from '@cascade/messages';
import { Language as Grammar, Parser, Query } from 'web-tree-sitter';
import type { Language } from './language.js';
import type { LoadedLanguage } from './loaded-language.js';
import { damageQuery } from './syntax.js';

const require = createRequire(import.meta.url);

/**
 * The WebAssembly grammars of the official tree-sitter packages. WebAssembly and not the native parsers, because those are
 * compiled where they are installed; they were no faster and took five times the memory.
 */
export class Grammars {
  private constructor(private readonly loaded: ReadonlyMap<string, LoadedLanguage>) {}

  static async open(languages: readonly Language[]): Promise<Grammars> {
    await Parser.init();
    return new Grammars(new Map(await Promise.all(languages.map(async (language) => [language.name, await load(language)] as const))));
  }

  of(language: Language): LoadedLanguage | undefined {
    return this.loaded.get(language.name);
  }

  /** WebAssembly's memory is not collected: what is not deleted stays. */
  close(): void {
    for (const { parser, query } of this.loaded.values()) {
      query.delete();
      parser.delete();
    }
  }
}

async function load(language: Language): Promise<LoadedLanguage> {
  try {
    const grammar = await Grammar.load(await readFile(require.resolve(language.grammar)));
    return { parser: new Parser().setLanguage(grammar), query: new Query(grammar, language.query + damageQuery) };
  } catch (cause) {
    throw terminal('CASC_GRAMMAR_UNUSABLE', `The grammar ${language.grammar} cannot be used: ${cause instanceof Error ? cause.message : String(cause)}.`, {
      advice: 'Install the packages again (`npm ci`); grammar and query belong together, so its version must be the one in package-lock.json.', cause,
    });
  }
}
