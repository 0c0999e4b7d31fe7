import type { Node } from 'web-tree-sitter';
import type { ImportFacts } from '../file-facts.js';
import type { Language, TestCandidate } from '../language.js';

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
(call_expression function: (scoped_identifier path: (_) @receiver name: (_) @call))
(call_expression function: (generic_function function: (scoped_identifier path: (_) @receiver name: (_) @call)))
(macro_invocation macro: (identifier) @call)
(macro_invocation macro: (scoped_identifier path: (_) @receiver name: (_) @call))
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
};
