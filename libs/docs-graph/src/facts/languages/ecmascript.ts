import type { Node } from 'web-tree-sitter';
import type { ImportFacts } from '../file-facts.js';
import type { BindingParts, Language, ValueParts } from '../language.js';
import { part } from './part.js';
import { unquoted } from './unquoted.js';

/** What JavaScript and TypeScript share: their grammars give these nodes the same names. */
export const ecmascriptQuery = `
[(function_declaration name: (identifier) @name) (generator_function_declaration name: (identifier) @name)] @function
(method_definition name: (_) @name) @function
(variable_declarator name: (identifier) @name value: [(arrow_function) (function_expression) (generator_function)] @value) @function
(assignment_expression left: (member_expression object: (_) @owner property: (property_identifier) @name) right: [(arrow_function) (function_expression) (generator_function)] @value) @function
(pair key: (_) @name value: [(arrow_function) (function_expression) (generator_function)] @value) @function
(export_statement value: [(arrow_function) (function_expression) (generator_function)] @value) @function
(class_declaration name: (_) @name) @class
(variable_declarator name: (identifier) @name value: (class)) @class
(export_statement value: (class)) @class
(variable_declarator name: (identifier) @name value: (object)) @namespace
(call_expression function: (_) @callee arguments: (arguments . [(string) (template_string)] @name [(arrow_function) (function_expression)] @value)) @block
(call_expression function: (identifier) @call arguments: (_) @arguments)
(call_expression function: (member_expression object: (_) @receiver property: (_) @call) arguments: (_) @arguments)
(new_expression constructor: (identifier) @call)
(new_expression constructor: (member_expression object: (_) @receiver property: (_) @call))
(import_statement) @import
(export_statement source: (string)) @import
(variable_declarator value: (call_expression function: (identifier) @require arguments: (arguments . (string) .))) @import
(call_expression function: (import) arguments: (arguments . (string))) @import
(assignment_expression left: (member_expression object: (this) property: (_) @name)) @field
(variable_declarator name: (identifier) @local)
[(shorthand_property_identifier_pattern) @local (pair_pattern value: (identifier) @local) (array_pattern (identifier) @local) (rest_pattern (identifier) @local)]
(array_pattern (assignment_pattern left: (identifier) @local))
(pair_pattern value: (assignment_pattern left: (identifier) @local))
[(for_in_statement left: (identifier) @local) (catch_clause parameter: (identifier) @local) (arrow_function parameter: (identifier) @local)]
(assignment_expression left: (identifier) @assigned)
(decorator) @mark
(comment) @comment
`;

type Import = Omit<ImportFacts, 'line'>;

const textOf = (node: Node | null | undefined): string => node?.text ?? '';
const childrenOf = (node: Node | null | undefined, type: string): Node[] => (node?.namedChildren ?? []).filter((child) => child.type === type);

/** `import a, { b as c } from 'm'`, `import * as n from 'm'`, `import 'm'`. */
function fromImport(node: Node): Import[] {
  const module = unquoted(textOf(node.childForFieldName('source')));
  const clause = childrenOf(node, 'import_clause')[0];
  const required = childrenOf(node, 'import_require_clause')[0]; // TypeScript: import a = require('m')
  if (required !== undefined) return [{ module: unquoted(textOf(required.childForFieldName('source'))), name: '*', alias: textOf(required.namedChild(0)), reexport: false }];
  if (clause === undefined) return [{ module, name: '', alias: '', reexport: false }];
  return clause.namedChildren.flatMap((child): Import[] => {
    if (child.type === 'identifier') return [{ module, name: 'default', alias: child.text, reexport: false }];
    if (child.type === 'namespace_import') return [{ module, name: '*', alias: textOf(child.namedChild(0)), reexport: false }];
    return childrenOf(child, 'import_specifier').map((one) => ({ module, ...named(one), reexport: false }));
  });
}

function named(specifier: Node): { name: string; alias: string } {
  const name = unquoted(textOf(specifier.childForFieldName('name')));
  return { name, alias: unquoted(textOf(specifier.childForFieldName('alias'))) || name };
}

/** `export { a as b } from 'm'`, `export * from 'm'`, `export * as n from 'm'`. */
function fromExport(node: Node): Import[] {
  const module = unquoted(textOf(node.childForFieldName('source')));
  const clause = childrenOf(node, 'export_clause')[0];
  if (clause !== undefined) return childrenOf(clause, 'export_specifier').map((one) => ({ module, ...named(one), reexport: true }));
  return [{ module, name: '*', alias: textOf(childrenOf(node, 'namespace_export')[0]?.namedChild(0)), reexport: true }];
}

/** `const a = require('m')`, `const { a: b } = require('m')`; any other function is no import. */
function fromRequire(node: Node): Import[] {
  const call = node.childForFieldName('value');
  if (textOf(call?.childForFieldName('function')) !== 'require') return [];
  const module = unquoted(textOf(call?.childForFieldName('arguments')?.namedChild(0)));
  const bound = node.childForFieldName('name');
  if (bound?.type === 'identifier') return [{ module, name: '*', alias: bound.text, reexport: false }];
  return (bound?.namedChildren ?? []).flatMap((one): Import[] => {
    if (one.type === 'shorthand_property_identifier_pattern') return [{ module, name: one.text, alias: one.text, reexport: false }];
    if (one.type !== 'pair_pattern') return [];
    return [{ module, name: textOf(one.childForFieldName('key')), alias: textOf(one.childForFieldName('value')), reexport: false }];
  });
}

function imports(node: Node): Import[] {
  if (node.type === 'import_statement') return fromImport(node);
  if (node.type === 'export_statement') return fromExport(node);
  if (node.type === 'variable_declarator') return fromRequire(node);
  return [{ module: unquoted(textOf(node.childForFieldName('arguments')?.namedChild(0))), name: '*', alias: '', reexport: false }];
}

/** `Thing.prototype.act = function …` is a method of Thing; what is put on `exports` or `this` belongs to the file. */
function owner(text: string): string {
  if (/^(?:module\.)?exports$|^this$/.test(text)) return '';
  return /^[\p{ID_Start}$_][\p{ID_Continue}$.]*$/u.test(text) ? text.replace(/\.prototype$/, '') : '';
}

function binding(name: Node): BindingParts | undefined {
  const parent = name.parent;
  if (parent?.type === 'assignment_expression') return { value: part(parent.childForFieldName('right')) };
  if (parent?.type !== 'variable_declarator' && !(parent?.type.endsWith('_parameter') ?? false)) return {};
  const type = part(parent?.childForFieldName('type')?.namedChild(0));
  const value = part(parent?.childForFieldName('value'));
  if (type !== undefined) return { type };
  if (parent?.type !== 'variable_declarator') return {};
  return value === undefined ? undefined : { value };
}

/** The grammar takes `await f<T>()` for a call of what is awaited. */
function called(made: Node[]): ValueParts | undefined {
  const [callee] = made;
  if (callee?.type === 'await_expression') return { made: callee.namedChildren, opens: true };
  return callee?.type === 'identifier' && callee.text === 'require' ? undefined : { made };
}

const nothing = new Set(['arrow_function', 'function_expression', 'generator_function', 'class', 'object', 'null', 'undefined']);

function value(node: Node): ValueParts | undefined {
  if (nothing.has(node.type)) return undefined;
  const inside = part(node.namedChild(0));
  switch (node.type) {
    case 'await_expression': return { inside, opens: true };
    case 'parenthesized_expression': case 'non_null_expression': case 'satisfies_expression': return { inside };
    case 'as_expression': return node.namedChild(1) === null ? { inside } : { type: part(node.namedChild(1)) };
    case 'this': return { type: node };
    case 'new_expression': return { type: part(node.childForFieldName('constructor')) };
    case 'call_expression': return called(node.childrenForFieldName('function'));
    default: return {};
  }
}

export const ecmascript: Pick<Language, 'parameters' | 'returns' | 'imports' | 'isTest' | 'owner' | 'hasFunctionValues' | 'assignmentDeclares' | 'binding' | 'value'> = {
  parameters: ['parameters', 'parameter'],
  returns: 'return_type',
  imports,
  owner,
  // Tests are `it('…', () => …)`, which the extractor takes from @block.
  isTest: () => false,
  hasFunctionValues: true,
  assignmentDeclares: false,
  binding,
  value,
};
