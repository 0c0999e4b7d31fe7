/** A field that was asked for, with its arguments (variables filled in) and the fields below it. */
export interface Field {
  readonly name: string;
  /** Under which name it is answered. */
  readonly alias: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly fields: readonly Field[];
}

export interface Document {
  readonly kind: 'query' | 'mutation';
  readonly fields: readonly Field[];
}

/** Not parseable, or with fragments or directives, which this fake does not read. */
export class DocumentProblem extends Error {}

const token = /\s*(?:#[^\n]*\s*|,\s*)*("(?:[^"\\]|\\.)*"|\.\.\.|[A-Za-z_]\w*|-?\d+(?:\.\d+)?|[{}()[\]:!$=@|])/y;

/** Reads one operation of GraphQL. Inline fragments (`... on X`) are read as if they stood without a condition. */
export function readDocument(text: string, variables: Readonly<Record<string, unknown>>): Document {
  const reader = new Reader(tokensOf(text), variables);
  const first = reader.peek();
  if (first === '{') return { kind: 'query', fields: reader.selection() };
  reader.next();
  if (first !== 'query' && first !== 'mutation') throw new DocumentProblem(`Expected a query or a mutation, found ${String(first)}`);
  while (reader.peek() !== '{' && reader.peek() !== '(') reader.next();
  if (reader.peek() === '(') reader.skipParentheses();
  return { kind: first, fields: reader.selection() };
}

function tokensOf(text: string): readonly string[] {
  const found: string[] = [];
  token.lastIndex = 0;
  while (text.slice(token.lastIndex).trim() !== '') {
    const at = token.lastIndex;
    const match = token.exec(text);
    if (match?.[1] === undefined) throw new DocumentProblem(`Unexpected ${text.slice(at, at + 20)}`);
    found.push(match[1]);
  }
  return found;
}

class Reader {
  #at = 0;

  constructor(private readonly tokens: readonly string[], private readonly variables: Readonly<Record<string, unknown>>) {}

  peek(): string | undefined {
    return this.tokens[this.#at];
  }

  next(expected?: string): string {
    const found = this.tokens[this.#at];
    if (found === undefined || (expected !== undefined && found !== expected)) throw new DocumentProblem(`Expected ${expected ?? 'more'}, found ${found ?? 'the end'}`);
    this.#at += 1;
    return found;
  }

  skipParentheses(): void {
    let depth = 0;
    do {
      const found = this.next();
      depth += found === '(' ? 1 : found === ')' ? -1 : 0;
    } while (depth > 0);
  }

  selection(): readonly Field[] {
    this.next('{');
    const fields: Field[] = [];
    while (this.peek() !== '}') {
      if (this.peek() === '...') {
        this.next();
        this.next('on');
        this.next();
        fields.push(...this.selection());
      } else fields.push(this.#field());
    }
    this.next('}');
    return fields;
  }

  #field(): Field {
    let name = this.next();
    const alias = name;
    if (this.peek() === ':') {
      this.next();
      name = this.next();
    }
    const args = this.peek() === '(' ? this.#members('(', ')') : {};
    return { name, alias, args, fields: this.peek() === '{' ? this.selection() : [] };
  }

  #members(open: string, close: string): Record<string, unknown> {
    this.next(open);
    const members: Record<string, unknown> = {};
    while (this.peek() !== close) {
      const name = this.next();
      this.next(':');
      members[name] = this.#value();
    }
    this.next(close);
    return members;
  }

  #value(): unknown {
    const found = this.peek() ?? '';
    if (found === '{') return this.#members('{', '}');
    this.next();
    if (found === '$') return this.variables[this.next()];
    if (found === '[') {
      const values: unknown[] = [];
      while (this.peek() !== ']') values.push(this.#value());
      this.next(']');
      return values;
    }
    if (found.startsWith('"')) return JSON.parse(found) as unknown;
    return found === 'null' ? null : found === 'true' ? true : found === 'false' ? false : /^-?\d/.test(found) ? Number(found) : found;
  }
}
