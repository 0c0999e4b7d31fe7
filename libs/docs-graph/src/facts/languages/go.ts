import type { Node } from 'web-tree-sitter';
import type { ImportFacts } from '../file-facts.js';
import type { BindingParts, Language, TestCandidate, ValueParts } from '../language.js';
import { part } from './part.js';
import { unquoted } from './unquoted.js';

const query = `
(function_declaration name: (_) @name) @function
(method_declaration receiver: (parameter_list (parameter_declaration name: (identifier)? @self type: (_) @owner)) name: (_) @name) @function
(method_elem name: (_) @name) @function
(short_var_declaration left: (expression_list . (identifier) @name .) right: (expression_list . (func_literal) @value .)) @function
(var_spec name: (identifier) @name value: (expression_list . (func_literal) @value .)) @function
(type_spec name: (_) @name type: (struct_type)) @struct
(type_spec name: (_) @name type: (interface_type)) @interface
(type_spec name: (_) @name type: [(function_type) (map_type) (slice_type) (array_type) (channel_type) (pointer_type) (type_identifier) (qualified_type) (generic_type)]) @type
(type_alias name: (_) @name) @type
(package_clause (package_identifier) @module)
(type_spec type: (struct_type (field_declaration_list (field_declaration name: (_) @name type: (_) @of) @field)))
(field_declaration !name type: (_) @base)
(interface_type (type_elem . (_) @base .))
(call_expression function: (identifier) @call)
(call_expression function: (index_expression operand: (identifier) @call))
(type_conversion_expression type: (generic_type type: (type_identifier) @call))
(call_expression function: (selector_expression operand: (_) @receiver field: (_) @call))
(short_var_declaration left: (expression_list (identifier) @local))
(var_spec name: (identifier) @local)
[(range_clause left: (expression_list (identifier) @local)) (receive_statement left: (expression_list (identifier) @local)) (type_switch_statement alias: (expression_list (identifier) @local))]
[(parameter_declaration name: (identifier) @local) (variadic_parameter_declaration name: (identifier) @local)]
(import_spec) @import
(comment) @comment
`;

/** Without an alias a package is known by the last part of its path that is no version; what its own clause says is in another file. */
function imports(node: Node): Omit<ImportFacts, 'line'>[] {
  const module = unquoted(node.childForFieldName('path')?.text ?? '');
  const given = node.childForFieldName('name')?.text;
  const parts = module.split('/').filter((part) => !/^v\d+$/.test(part));
  if (given === '_') return [{ module, name: '', alias: '', reexport: false }];
  return [{ module, name: '*', alias: given === '.' ? '' : given ?? parts.at(-1) ?? '', reexport: false }];
}

/** `go help testfunc`; TestMain, which is none, takes a `*testing.M`. */
const isTest = ({ path, name, parameters }: TestCandidate): boolean =>
  path.endsWith('_test.go') && (/^(?:Test|Benchmark|Fuzz)(?!\p{Ll})/u.test(name) && /\btesting\.[TBF]\b/.test(parameters) || /^Example(?!\p{Ll})/u.test(name) && parameters === '');

/** Of several names that one call gives only the first is told: it is what Go's functions give, before an error. */
function binding(name: Node): BindingParts | undefined {
  const list = name.parent?.type === 'expression_list' ? name.parent : undefined;
  const statement = list === undefined ? name.parent : list.parent;
  if (statement?.type === 'parameter_declaration') return { type: part(statement.childForFieldName('type')) };
  if (statement?.type !== 'short_var_declaration' && statement?.type !== 'var_spec') return {};
  const type = part(statement.childForFieldName('type'));
  if (type !== undefined) return { type };
  const names = list?.namedChildren ?? statement.childrenForFieldName('name');
  const values = statement.childForFieldName(list === undefined ? 'value' : 'right')?.namedChildren ?? [];
  const at = names.filter(({ type: kind }) => kind !== 'comment').findIndex(({ startIndex }) => startIndex === name.startIndex);
  return values.length === names.length || at === 0 ? { value: values[at] } : {};
}

function value(node: Node): ValueParts | undefined {
  switch (node.type) {
    case 'func_literal': case 'nil': return undefined;
    case 'parenthesized_expression': return { inside: part(node.namedChild(0)) };
    case 'unary_expression': return node.child(0)?.type === '&' ? { inside: part(node.childForFieldName('operand')) } : {};
    case 'composite_literal': case 'type_assertion_expression': return { type: part(node.childForFieldName('type')) };
    case 'type_conversion_expression': return { made: node.childrenForFieldName('type') };
    case 'call_expression': return called(node);
    default: return {};
  }
}

function called(node: Node): ValueParts {
  const made = node.childrenForFieldName('function');
  const isType = made[0]?.type === 'identifier' && /^(?:new|make)$/.test(made[0].text);
  return isType ? { type: part(node.childForFieldName('arguments')?.namedChild(0)) } : { made };
}

export const go: Language = {
  name: 'go',
  extensions: ['.go'],
  grammar: 'tree-sitter-go/tree-sitter-go.wasm',
  query,
  parameters: ['parameters'],
  returns: 'result',
  imports,
  isTest,
  // `*Tree[K, V]` is a method of Tree.
  owner: (text) => /^[*(\s]*([\p{L}_][\p{L}\p{N}_]*)/u.exec(text)?.[1] ?? '',
  hasFunctionValues: true,
  assignmentDeclares: false,
  binding,
  value,
};
