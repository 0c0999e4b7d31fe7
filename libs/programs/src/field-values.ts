import type { FieldType } from '@cascade/contracts';
import { isFileChanges } from './file-changes.js';
import { parseSections, renderSections } from './file-sections.js';

/** Names of types as DSPy's chat adapter writes them. */
export function typeName(type: FieldType): string {
  switch (type.kind) {
    case 'string': return 'str';
    case 'code': return `code: ${type.language}`;
    case 'number': return 'float';
    case 'integer': return 'int';
    case 'boolean': return 'bool';
    case 'json': return 'json';
    case 'files': return 'files';
    case 'enum': return `one of: ${type.values.join('; ')}`;
    case 'array': return `list[${typeName(type.of)}]`;
  }
}

/** What is said about a value's form where the answer's structure is described. */
export function formNote(type: FieldType): string {
  switch (type.kind) {
    case 'number': return 'a number';
    case 'integer': return 'an integer';
    case 'boolean': return 'True or False';
    case 'enum': return `exactly one of: ${type.values.join('; ')}`;
    case 'json': return 'strict JSON';
    case 'array': return 'a strict JSON array';
    case 'code': return `${type.language} source text`;
    case 'string': return '';
    case 'files': return 'file sections only, raw text between the marker lines';
  }
}

export function renderValue(type: FieldType, value: unknown): string {
  if (value === undefined || value === null) return 'None';
  if (type.kind === 'files' && isFileChanges(value)) return value.length === 0 ? '(no files)' : renderSections(value);
  if (type.kind === 'boolean') return value === true ? 'True' : 'False';
  if (type.kind === 'json' || type.kind === 'array') return JSON.stringify(value, null, 2);
  return typeof value === 'string' ? escapeHeaders(value) : JSON.stringify(value);
}

const headerLike = /^\\*\[\[ ## \w+ ## \]\]/;
const eachLine = (text: string, change: (line: string) => string): string => text.split('\n').map(change).join('\n');
/** A line of a text that looks like a header gets one backslash in front, and loses it when parsed. */
const escapeHeaders = (text: string): string => eachLine(text, (line) => (headerLike.test(line) ? `\\${line}` : line));
const unescapeHeaders = (text: string): string => eachLine(text, (line) => (line.startsWith('\\') && headerLike.test(line) ? line.slice(1) : line));

export type Parsed = { readonly value: unknown } | { readonly problems: readonly string[] };
const bad = (...problems: string[]): Parsed => ({ problems });
const shown = (text: string): string => JSON.stringify(text.slice(0, 80));

/** The typed value of a field's raw text, or what is wrong with it, as sentences for the model. */
export function parseValue(name: string, type: FieldType, raw: string): Parsed {
  switch (type.kind) {
    case 'string': return { value: unescapeHeaders(raw) };
    case 'code': return { value: unescapeHeaders(unfenced(raw)) };
    case 'number': case 'integer': {
      const number = Number(raw);
      const fits = raw !== '' && Number.isFinite(number) && (type.kind === 'number' || Number.isInteger(number));
      return fits ? { value: number } : bad(`Field \`${name}\` must be ${formNote(type)}, got ${shown(raw)}.`);
    }
    case 'boolean': return /^(?:true|false)$/i.test(raw) ? { value: /^true$/i.test(raw) } : bad(`Field \`${name}\` must be True or False, got ${shown(raw)}.`);
    case 'enum': {
      const plain = raw.replace(/^(["'`])(.*)\1$/s, '$2');
      return type.values.includes(plain) ? { value: plain } : bad(`Field \`${name}\` must be ${formNote(type)}; got ${shown(raw)}.`);
    }
    case 'files': {
      const { changes, problems } = parseSections(raw);
      return problems.length > 0 ? bad(...problems.map((problem) => `Field \`${name}\`: ${problem}`)) : { value: changes };
    }
    case 'json': case 'array': return parseJson(name, type, raw);
  }
}

/** One fence around the whole value is decoration; fences inside it are content. */
function unfenced(raw: string): string {
  const match = /^(`{3,}|~{3,})[^\n]*\n([\s\S]*?)\n?\1\s*$/.exec(raw);
  return match?.[2] === undefined || match[2].includes(`\n${match[1]}`) ? raw : match[2];
}

function parseJson(name: string, type: FieldType, raw: string): Parsed {
  let value: unknown;
  try {
    value = JSON.parse(unfenced(raw));
  } catch (error) {
    return bad(`Field \`${name}\` is not strict JSON: ${(error as Error).message.slice(0, 200)}.`);
  }
  const problem = typeProblem(type, value, name);
  return problem === undefined ? { value } : bad(problem);
}

function typeProblem(type: FieldType, value: unknown, at: string): string | undefined {
  const is = (holds: boolean, what: string): string | undefined => (holds ? undefined : `\`${at}\` must be ${what}.`);
  switch (type.kind) {
    case 'json': return undefined;
    case 'string': case 'code': return is(typeof value === 'string', 'a string');
    case 'number': return is(typeof value === 'number', 'a number');
    case 'integer': return is(Number.isInteger(value), 'an integer');
    case 'boolean': return is(typeof value === 'boolean', 'a boolean');
    case 'enum': return is(typeof value === 'string' && type.values.includes(value), formNote(type));
    case 'files': return is(false, 'written as file sections, which cannot stand inside a list');
    case 'array':
      if (!Array.isArray(value)) return is(false, 'an array');
      for (const [index, item] of value.entries()) {
        const problem = typeProblem(type.of, item, `${at}[${index}]`);
        if (problem !== undefined) return problem;
      }
      return undefined;
  }
}
