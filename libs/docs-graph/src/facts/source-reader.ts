import { countLines, decodeText } from './decode-text.js';
import { Extraction } from './extract.js';
import type { FileFacts, LanguageName, SkipReason } from './file-facts.js';
import { Grammars } from './grammars.js';
import type { Language } from './language.js';
import { isDocument, languageOf, languages } from './languages.js';
import type { LoadedLanguage } from './loaded-language.js';
import { machineWritten } from './machine-written.js';
import { isManifest, readManifest } from './manifest.js';
import { readMarkdown } from './markdown.js';
import { syntaxOf } from './syntax.js';

/** Whether a file of this name is read at all: what is not need not be fetched. */
export const isReadable = (path: string): boolean => languageOf(path) !== undefined || isDocument(path) || isManifest(path);

/** Reads files into facts. One reader per thread: the parsers' WebAssembly is not shared. */
export class SourceReader {
  private constructor(private readonly grammars: Grammars) {}

  /** For all languages, or only for those that are named: the others' files are skipped as unsupported. */
  static async open(names?: readonly LanguageName[]): Promise<SourceReader> {
    return new SourceReader(await Grammars.open(languages.filter(({ name }) => names?.includes(name) ?? true)));
  }

  /**
   * The facts of one file: the same for the same name and bytes, in every folder and on every machine (but for `path`). Whatever the bytes are, it gives facts
   * or a reason why there are none. Throws CASC_PARSER_BROKEN when a file took the parser down: this reader is lost then.
   */
  read(path: string, bytes: Uint8Array): FileFacts {
    const language = languageOf(path);
    const loaded = language === undefined ? undefined : this.grammars.of(language);
    if (language === undefined ? !isReadable(path) : loaded === undefined) return skipped(path, 'unsupported');
    const decoded = decodeText(bytes);
    if ('reason' in decoded) return skipped(path, decoded.reason);
    if (language === undefined || loaded === undefined) return isDocument(path) ? readMarkdown(path, decoded.text) : manifest(path, decoded.text);
    const reason = machineWritten(path, decoded.text);
    return reason === undefined ? readSource(path, language, loaded, decoded.text) : skipped(path, reason);
  }

  close(): void {
    this.grammars.close();
  }
}

function readSource(path: string, language: Language, loaded: LoadedLanguage, text: string): FileFacts {
  const facts = syntaxOf(loaded, text, (all, cut) => new Extraction(path, language, text).read(all, cut));
  if (facts === undefined) return skipped(path, 'too-complex');
  return { status: 'source', path, language: language.name, lines: countLines(text), ...facts };
}

function manifest(path: string, text: string): FileFacts {
  const facts = readManifest(path, text);
  return 'reason' in facts ? skipped(path, facts.reason) : facts;
}

const skipped = (path: string, reason: SkipReason): FileFacts => ({ status: 'skipped', path, reason });
