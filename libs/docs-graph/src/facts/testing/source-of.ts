import { expect } from '@jest/globals';
import { type FileFacts, fileFacts, type LanguageName, type SourceFacts } from '../file-facts.js';
import { SourceReader } from '../source-reader.js';

/** Reads texts as files of some languages; every answer is held against its schema. */
export class SourceSamples {
  private constructor(readonly reader: SourceReader) {}

  static async open(...names: LanguageName[]): Promise<SourceSamples> {
    return new SourceSamples(await SourceReader.open(names.length === 0 ? undefined : names));
  }

  file(path: string, content: string | Uint8Array): FileFacts {
    const facts = this.reader.read(path, typeof content === 'string' ? Buffer.from(content) : content);
    expect(fileFacts.parse(JSON.parse(JSON.stringify(facts)))).toEqual(facts);
    return facts;
  }

  source(path: string, content: string): SourceFacts {
    const facts = this.file(path, content);
    if (facts.status !== 'source') throw new TypeError(`${path} is ${JSON.stringify(facts)}`);
    return facts;
  }

  close(): void {
    this.reader.close();
  }
}

export const fieldLines = ({ classes }: SourceFacts): string[] => classes.flatMap(({ key, fields }) => fields.map(({ name, type }) => `${key}.${name}${type === '' ? '' : `: ${type}`}`));

/** Definitions as short lines: what a reader of the test wants to compare. */
export const functionLines = ({ functions }: SourceFacts): string[] => functions.map((one) =>
  `${one.startLine}-${one.endLine} ${one.isTest && one.kind !== 'test' ? 'test ' : ''}${one.kind} ${one.key}(${one.parameters})${one.returns === '' ? '' : `: ${one.returns}`}${one.doc === '' ? '' : ` -- ${one.doc}`}`);

export const classLines = ({ classes }: SourceFacts): string[] => classes.map((one) =>
  `${one.startLine}-${one.endLine} ${one.kind} ${one.key}${one.bases.length === 0 ? '' : ` < ${one.bases.join(', ')}`}${one.doc === '' ? '' : ` -- ${one.doc}`}`);

export const importLines = ({ imports }: SourceFacts): string[] => imports.map((one) =>
  `${one.line} ${one.module} ${one.name === '' ? '-' : one.name} as ${one.alias === '' ? '-' : one.alias}${one.reexport ? ' again' : ''}`);

export const callLines = ({ calls }: SourceFacts): string[] => calls.map((one) =>
  `${one.line} ${one.caller === '' ? '-' : one.caller} -> ${one.receiver === '' ? '' : `${one.receiver} . `}${one.callee}`);

/** Variables as `function/name: type`, or `made()`; an exclamation mark for what was awaited or unwrapped. */
export const localLines = ({ locals }: SourceFacts): string[] => locals.map(({ function: key, name, type, made, opened }) =>
  `${key}/${name}: ${type ?? (made === undefined ? '?' : `${made}()`)}${opened === true ? '!' : ''}`);
