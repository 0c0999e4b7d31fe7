import type { Node } from 'web-tree-sitter';
import { BodyWords } from './body-words.js';
import { Cuts } from './cuts.js';
import { Definitions } from './definitions.js';
import { cleanComment, cleanDocstring } from './doc-comment.js';
import { type CallFacts, classKind, type FieldFacts, type ImportFacts, type OriginFacts, type SourceFacts } from './file-facts.js';
import type { Language } from './language.js';
import { unquoted } from './languages/unquoted.js';
import { Preamble } from './preamble.js';
import { Locals } from './locals.js';
import { originOf } from './origin.js';
import { type Scope, Scopes } from './scopes.js';
import { folded } from './short-text.js';
import type { Syntax } from './syntax.js';

const testCallee = /^(?:it|test|specify)\b/;
const suiteCallee = /^(?:describe|suite|context)\b/;

/** Turns one file's syntax, in reading order, into facts; the same for every language. */
export class Extraction {
  private readonly cuts = new Cuts();
  private readonly scopes = new Scopes();
  private readonly preamble = new Preamble();
  private readonly bodies = new BodyWords();
  private readonly definitions = new Definitions(this.cuts);
  private readonly locals: Locals;
  private readonly imports: ImportFacts[] = [];
  private readonly calls: CallFacts[] = [];
  private readonly damage: SourceFacts['damage'] = [];
  private readonly doc: string[] = [];
  private module = '';

  constructor(private readonly path: string, private readonly language: Language, private readonly text: string) {
    this.locals = new Locals(this.cuts, language, text);
  }

  read(all: readonly Syntax[], cut: boolean): Omit<SourceFacts, 'status' | 'path' | 'language' | 'lines'> {
    if (cut) this.cuts.add('openMatches');
    for (const syntax of all) {
      this.scopes.enter(syntax.start);
      this.take(syntax);
    }
    this.bodies.fill(this.text);
    const { functions, classes } = this.definitions.finish(this.path, this.language);
    const { calls, locals } = this.locals.finish(this.calls, this.imports);
    const doc = this.cuts.text(this.doc.join('\n').trim(), 'doc');
    return { doc, module: this.module, damage: this.damage, cut: this.cuts.names(), functions, classes, imports: this.imports, calls, locals };
  }

  private take(syntax: Syntax): void {
    switch (syntax.kind) {
      case 'function': return this.takeFunction(syntax, 'function');
      case 'block': return this.takeBlock(syntax);
      case 'namespace': case 'impl': return this.takeScope(syntax);
      case 'base': return this.takeBase(syntax);
      case 'call': return this.takeCall(syntax);
      case 'local': case 'assigned': case 'shared': return this.takeLocal(syntax);
      case 'import': return this.takeImport(syntax);
      case 'module': return this.takeModule(syntax);
      case 'field': return this.takeField(syntax);
      case 'comment': return this.takeComment(syntax);
      case 'docstring': return this.takeDocstring(syntax);
      case 'mark': return this.takeMark(syntax);
      case 'damage': return void this.cuts.push(this.damage, linesOf(syntax.node), 'damage');
      case 'class': case 'interface': case 'struct': case 'enum': case 'trait': case 'type': return this.takeClass(syntax);
    }
  }

  private takeFunction(syntax: Syntax, kind: 'function' | 'test'): void {
    const { name, value = syntax.node, owner, self } = syntax.parts;
    const declared = kind === 'test' ? undefined : this.owner(owner);
    const inside = this.scopes.innermost?.kind === 'class' ? this.scopes.innermost.qualifiedName : '';
    const parent = declared === undefined ? inside : this.scopes.qualify(declared);
    const simple = this.name(name);
    const qualifiedName = declared === undefined ? this.qualify(simple) : this.cuts.text(`${parent}.${simple}`, 'qualifiedName');
    const { doc, marks } = this.preamble.take(firstLine(syntax.node));
    const parameters = this.parametersOf(value);
    const draft = this.definitions.addFunction({
      name: simple, qualifiedName, kind: kind === 'test' ? 'test' : parent === '' ? 'function' : 'method', ...linesOf(syntax.node),
      doc: this.cuts.text(doc, 'doc'), parameters: this.parameters(parameters), returns: this.returns(value), parent, isTest: kind === 'test', self: self === undefined ? '' : this.name(self), words: '', marks,
    });
    if (draft !== undefined) this.bodies.body(draft, syntax);
    if (draft !== undefined) this.locals.open(draft, this.scopes.caller);
    this.push(syntax, 'function', qualifiedName, draft, marks, draft?.key, parameters?.endIndex);
  }

  private takeClass(syntax: Syntax): void {
    const qualifiedName = this.qualify(this.name(syntax.parts.name));
    const { doc, marks } = this.preamble.take(firstLine(syntax.node));
    const outer = this.scopes.innermost;
    const draft = this.definitions.addClass({
      name: this.name(syntax.parts.name), qualifiedName, kind: classKind.parse(syntax.kind), ...linesOf(syntax.node),
      doc: this.cuts.text(doc, 'doc'), parent: outer?.kind === 'class' ? outer.qualifiedName : '', bases: [], fields: [],
    });
    this.push(syntax, 'class', qualifiedName, draft, marks);
  }

  /** `it('…', () => …)` is a test, `describe('…', () => …)` gives the tests inside their first name; any other call is a call. */
  private takeBlock(syntax: Syntax): void {
    const callee = this.sliceOf(syntax.parts.callee, 20);
    if (testCallee.test(callee)) this.takeFunction(syntax, 'test');
    else if (suiteCallee.test(callee)) this.takeScope(syntax);
  }

  private takeScope(syntax: Syntax): void {
    const { name, owner } = syntax.parts;
    this.preamble.take(firstLine(syntax.node));
    this.push(syntax, syntax.kind === 'impl' ? 'class' : 'space', this.qualify(this.owner(owner) ?? this.name(name)), undefined, []);
  }

  private takeBase(syntax: Syntax): void {
    const scope = this.scopes.innermost;
    if (scope?.kind === 'class') this.definitions.addBase(scope.qualifiedName, this.cuts.text(folded(this.sliceOf(syntax.node)), 'base'));
  }

  private takeCall({ node, parts, start }: Syntax): void {
    const inner = this.scopes.innermost;
    if (inner !== undefined && inner.kind !== 'class' && start < inner.nameStart) return; // the `it` of a test
    const { path, receiver = path } = parts;
    const count = argumentsIn(parts.arguments);
    this.cuts.push(this.calls, {
      callee: this.name(node),
      // Not a cut worth telling: the receiver of a long chain is that chain.
      receiver: receiver === undefined ? '' : folded(this.text.slice(receiver.startIndex, Math.min(receiver.endIndex, receiver.startIndex + receiverLimit))).toWellFormed() + (path === undefined ? '' : '::'),
      ...count === undefined ? {} : { arguments: count },
      line: firstLine(node),
      caller: this.scopes.caller,
    }, 'calls');
  }

  private takeImport({ node }: Syntax): void {
    for (const one of this.language.imports(node)) {
      const bounded = { ...one, module: this.cuts.text(one.module, 'module'), name: this.cuts.text(one.name, 'name'), alias: this.cuts.text(one.alias, 'name') };
      if (!this.cuts.push(this.imports, { ...bounded, line: firstLine(node) }, 'imports')) return;
    }
  }

  /** A doc comment above it speaks about the package; a licence does not. */
  private takeModule({ node }: Syntax): void {
    this.module = this.cuts.text(this.sliceOf(node), 'module');
    const { doc } = this.preamble.take(firstLine(node));
    if (!licence.test(doc)) this.doc.push(doc);
  }

  /** What holds a function is a method, not a field. */
  private takeField({ node, parts: { name, of: type } }: Syntax): void {
    const fields = this.scopes.classDraft?.fields;
    const value = fieldValue(node);
    if (fields === undefined || name === undefined || functionValue.test(value?.type ?? '')) return;
    const field: FieldFacts = { name: this.name(name), type: type === undefined ? '' : this.cuts.text(folded(this.sliceOf(type)), 'type') };
    const known = fields.find((one) => one.name === field.name);
    if (known === undefined) this.cuts.push(fields, field, 'fields');
    const origin = value === null ? undefined : this.locals.written(this.scopes.caller, value) ?? originOf(this.language, this.cuts, { value });
    addOrigin(known ?? field, origin);
  }

  /** A class' own variables are its fields; what holds a function is defined. */
  private takeLocal(syntax: Syntax): void {
    const scope = this.scopes.innermost;
    if (scope?.kind !== 'class' && scope?.nameStart !== syntax.start) this.locals.bind(this.scopes.caller, syntax, syntax.start < (scope?.parametersEnd ?? 0));
  }

  private takeComment({ node, start, end }: Syntax): void {
    this.bodies.comment({ start, end });
    const lineStart = this.text.lastIndexOf('\n', start - 1) + 1;
    if (start > 0 && this.text.slice(lineStart, start).trim() !== '') return; // speaks about the code before it
    const text = this.sliceOf(node).trimEnd(); // Rust's grammar counts the line end as part of a doc comment
    if (this.scopes.depth === 0 && /^\/(?:\/|\*)!/.test(text)) this.doc.push(cleanComment(text)); // Rust's, about the file
    this.preamble.comment(text, firstLine(node), firstLine(node) + text.split('\n').length - 1);
  }

  private takeDocstring({ node, start, end }: Syntax): void {
    this.bodies.comment({ start, end });
    const scope = this.scopes.innermost;
    const doc = cleanDocstring(this.sliceOf(node));
    if (scope === undefined) this.doc.push(doc);
    else if (scope.draft !== undefined) scope.draft.doc = this.cuts.text(doc, 'doc');
  }

  private takeMark({ node, start }: Syntax): void {
    const inner = this.scopes.innermost;
    const text = this.sliceOf(node, markLimit);
    if (inner !== undefined && start < inner.nameStart) inner.marks.push(text);
    else this.preamble.mark(text, firstLine(node), node.endPosition.row + 1);
  }

  private push(syntax: Syntax, kind: Scope['kind'], qualifiedName: string, draft: Scope['draft'], marks: string[], caller = this.scopes.caller, parametersEnd = syntax.start): void {
    if (!this.cuts.room(this.scopes.depth, 'scopes')) return;
    this.scopes.push({ kind, qualifiedName, end: syntax.end, nameStart: syntax.parts.name?.startIndex ?? syntax.start, parametersEnd, draft, marks, caller });
  }

  private parametersOf(value: Node): Node | undefined {
    return this.language.parameters.map((field) => value.childForFieldName(field)).find((found) => found !== null) ?? undefined;
  }

  private parameters(node: Node | undefined): string {
    return node === undefined ? '' : this.cuts.text(folded(this.sliceOf(node).replace(/^[(|]([^]*)[)|]$/, '$1')).replace(/,$/, ''), 'parameters');
  }

  private returns(value: Node): string {
    const node = value.childForFieldName(this.language.returns);
    return node === null ? '' : this.cuts.text(folded(this.sliceOf(node).replace(/^:/, '')), 'returns');
  }

  /** The default export may have no name; `default` is how others import it. */
  private name(node: Node | undefined): string {
    return node === undefined ? 'default' : this.cuts.text(folded(unquoted(this.sliceOf(node))), 'name');
  }

  private owner(node: Node | undefined): string | undefined {
    const owner = node === undefined ? '' : this.language.owner(this.sliceOf(node, ownerLimit));
    return owner === '' ? undefined : owner;
  }

  private qualify(name: string): string {
    return this.cuts.text(this.scopes.qualify(name), 'qualifiedName');
  }

  private sliceOf(node: Node | undefined, limit = Infinity): string {
    return node === undefined ? '' : this.text.slice(node.startIndex, Math.min(node.endIndex, node.startIndex + limit));
  }
}

const licence = /^\W*(?:copyright|licen[cs]ed|spdx)/i;
const functionValue = /^(?:arrow_function|function_expression|generator_function|lambda)$/;
const fieldValue = (node: Node): Node | null => node.childForFieldName('value') ?? node.childForFieldName('right');

/** A field that is set to things of different origins is of none. */
function addOrigin(field: FieldFacts, origin: OriginFacts | undefined): void {
  if (field.type !== '' || origin === undefined) return;
  const isOther = field.origin !== undefined && JSON.stringify(field.origin) !== JSON.stringify(origin);
  field.origin = isOther ? {} : origin;
}

/** Undefined for what has no list of them (a tagged template), or a spread one. */
function argumentsIn(node: Node | undefined): number | undefined {
  if (node === undefined || !node.type.startsWith('argument')) return undefined;
  const all = node.namedChildren.filter(({ type }) => !type.endsWith('comment'));
  return all.some(({ type }) => type === 'spread_element') ? undefined : all.length;
}

const receiverLimit = 120;
const markLimit = 200;
const ownerLimit = 200;

const firstLine = (node: Node): number => node.startPosition.row + 1;

function linesOf(node: Node): { startLine: number; endLine: number } {
  return { startLine: firstLine(node), endLine: Math.max(firstLine(node), node.endPosition.row + 1) };
}
