import type { Node } from 'web-tree-sitter';
import type { ImportFacts } from '../file-facts.js';
import type { BindingParts, Language, TestCandidate, ValueParts } from '../language.js';
import { part } from './part.js';

const query = `
[(function_item name: (_) @name) (function_signature_item name: (_) @name)] @function
(let_declaration pattern: (identifier) @name value: (closure_expression) @value) @function
(macro_definition name: (_) @name) @function
[(struct_item name: (_) @name) (union_item name: (_) @name)] @struct
(enum_item name: (_) @name) @enum
(trait_item name: (_) @name) @trait
(type_item name: (_) @name) @type
(impl_item type: (_) @owner) @impl
(impl_item trait: (_) @base)
(trait_item bounds: (trait_bounds (_) @base))
(field_declaration_list (field_declaration name: (_) @name type: (_) @of) @field)
(mod_item name: (_) @name body: (_)) @namespace
(call_expression function: (identifier) @call)
(call_expression function: (generic_function function: (identifier) @call))
(call_expression function: (field_expression value: (_) @receiver field: (_) @call))
(call_expression function: (generic_function function: (field_expression value: (_) @receiver field: (_) @call)))
(call_expression function: (scoped_identifier path: (_) @path name: (_) @call))
(call_expression function: (generic_function function: (scoped_identifier path: (_) @path name: (_) @call)))
(macro_invocation macro: (identifier) @call)
(macro_invocation macro: (scoped_identifier path: (_) @path name: (_) @call))
(let_declaration pattern: (identifier) @local)
[(tuple_pattern (identifier) @local) (tuple_struct_pattern (identifier) @local) (slice_pattern (identifier) @local) (ref_pattern (identifier) @local) (mut_pattern (identifier) @local) (reference_pattern (identifier) @local)]
[(field_pattern name: (shorthand_field_identifier) @local) (field_pattern pattern: (identifier) @local) (captured_pattern . (identifier) @local) (match_pattern . (identifier) @local)]
[(for_expression pattern: (identifier) @local) (closure_parameters (identifier) @local) (parameter pattern: (identifier) @local)]
(use_declaration) @import
(attribute_item) @mark
[(line_comment) (block_comment)] @comment
`;

/** `a::b::{c, d as e, f::*}` as one import per name, with a stack instead of recursion: the tree is the author's. */
function imports(node: Node): Omit<ImportFacts, 'line'>[] {
  const reexport = node.namedChild(0)?.type === 'visibility_modifier';
  const found: Omit<ImportFacts, 'line'>[] = [];
  const waiting = [{ tree: node.childForFieldName('argument'), prefix: '' }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { tree, prefix } = next;
    if (tree === null) continue;
    const path = (text: string | undefined): string => [prefix, text ?? ''].filter((part) => part !== '').join('::');
    if (tree.type === 'use_list') waiting.push(...tree.namedChildren.map((child) => ({ tree: child, prefix })).reverse());
    else if (tree.type === 'scoped_use_list') waiting.push({ tree: tree.childForFieldName('list'), prefix: path(tree.childForFieldName('path')?.text) });
    else if (tree.type === 'use_wildcard') found.push({ module: path(tree.namedChild(0)?.text), name: '*', alias: '', reexport });
    else if (tree.type === 'use_as_clause') found.push({ ...split(path(tree.childForFieldName('path')?.text)), alias: tree.childForFieldName('alias')?.text ?? '', reexport });
    else if (!tree.type.endsWith('comment')) found.push(plain(path(tree.text), reexport));
  }
  return found;
}

function plain(path: string, reexport: boolean): Omit<ImportFacts, 'line'> {
  const { module, name } = split(path);
  return { module, name, alias: name, reexport };
}

/** The last part is the name; `self` at the end means the module itself, under its own name. */
function split(path: string): { module: string; name: string } {
  const parts = path.replace(/::self$/, '').split('::');
  const name = parts.pop() ?? '';
  return { module: parts.join('::'), name };
}

/** `#[test]` and its relatives of other harnesses: `#[tokio::test]`, `#[rstest]`, `#[test_case(…)]`. */
const isTest = ({ marks }: TestCandidate): boolean => marks.some((mark) => /^#\[\s*(?:[\w:]*::)?(?:test|rstest|test_case|quickcheck|bench)\b\s*(?:\(|\])/.test(mark));

function binding(name: Node): BindingParts | undefined {
  const parent = name.parent;
  if (parent?.type !== 'let_declaration' && parent?.type !== 'parameter') return {};
  const type = part(parent.childForFieldName('type'));
  const given = part(parent.childForFieldName('value'));
  if (type !== undefined && type.text !== '_') return { type };
  // Of the same type as the one of this name before it.
  const again = given?.text.slice(0, name.text.length + 9) ?? name.text;
  return again === name.text || again === `${name.text}.clone()` ? undefined : { value: given };
}

function value(node: Node): ValueParts | undefined {
  switch (node.type) {
    case 'closure_expression': return undefined;
    case 'parenthesized_expression': return { inside: part(node.namedChild(0)) };
    case 'try_expression': case 'await_expression': return { inside: part(node.namedChild(0)), opens: true };
    case 'reference_expression': return { inside: part(node.childForFieldName('value')) };
    case 'struct_expression': return { type: withoutArguments(node.childForFieldName('name')) };
    case 'type_cast_expression': return { type: part(node.childForFieldName('type')) };
    case 'call_expression': return called(node);
    default: return {};
  }
}

/** Through a box to what is put into it, and through `unwrap` to what it is asked of. */
function called(node: Node): ValueParts {
  const callee = part(node.childForFieldName('function'));
  const name = callee?.childForFieldName('field')?.text;
  if (name === 'unwrap' || name === 'expect') return { inside: part(callee?.childForFieldName('value')), opens: true };
  const isBox = callee?.type === 'scoped_identifier' && /^(?:\w+::)*(?:Box|Arc|Rc)::new$/.test(callee.text);
  return isBox ? { inside: part(node.childForFieldName('arguments')?.namedChild(0)) } : { made: callee === undefined ? [] : [callee] };
}

/** `Tree::<K> { … }` is a Tree. */
const withoutArguments = (type: Node | null): Node | undefined => part(type?.type.startsWith('generic_type') === true ? type.childForFieldName('type') : type);

export const rust: Language = {
  name: 'rust',
  extensions: ['.rs'],
  grammar: 'tree-sitter-rust/tree-sitter-rust.wasm',
  query,
  parameters: ['parameters'],
  returns: 'return_type',
  imports,
  isTest,
  // `impl Display for a::Tree<K>` continues Tree.
  owner: (text) => /^[&\s]*(?:(?:mut|dyn)\s+)?(?:[\p{L}_][\p{L}\p{N}_]*::)*([\p{L}_][\p{L}\p{N}_]*)/u.exec(text)?.[1] ?? '',
  hasFunctionValues: true,
  assignmentDeclares: false,
  binding,
  value,
};
