import type { Node } from 'web-tree-sitter';
import type { ImportFacts } from '../file-facts.js';
import type { BindingParts, Language, TestCandidate, ValueParts } from '../language.js';
import { part } from './part.js';

const query = `
(function_definition name: (_) @name) @function
(class_definition name: (_) @name) @class
(assignment left: (identifier) @name right: (lambda) @value) @function
(module . (comment)* . (expression_statement (string) @docstring))
(class_definition body: (block (expression_statement (assignment left: (identifier) @name type: (type)? @of) @field)))
(assignment left: (attribute object: (identifier) @self attribute: (identifier) @name) type: (type)? @of (#eq? @self "self")) @field
(function_definition body: (block . (expression_statement (string) @docstring)))
(class_definition body: (block . (expression_statement (string) @docstring)))
(class_definition superclasses: (argument_list [(identifier) (attribute) (subscript) (call)] @base))
(call function: (identifier) @call)
(call function: (attribute object: (_) @receiver attribute: (_) @call))
[(import_statement) (import_from_statement) (future_import_statement)] @import
(assignment left: (identifier) @assigned)
[(pattern_list (identifier) @local) (tuple_pattern (identifier) @local) (list_pattern (identifier) @local) (list_splat_pattern (identifier) @local)]
[(for_statement left: (identifier) @local) (for_in_clause left: (identifier) @local) (named_expression name: (identifier) @local)]
[(as_pattern_target (identifier) @local) (as_pattern_target (tuple (identifier) @local)) (as_pattern (case_pattern) (identifier) @local)]
[(lambda_parameters (identifier) @local) (lambda_parameters (default_parameter name: (identifier) @local))]
[(typed_parameter . (identifier) @local) (typed_default_parameter name: (identifier) @local)]
[(global_statement (identifier) @shared) (nonlocal_statement (identifier) @shared)]
(decorator) @mark
(comment) @comment
`;

/** A dotted name with its alias, in either form of import. */
function named(node: Node): { name: string; alias: string } {
  const name = node.childForFieldName('name')?.text ?? node.text;
  return { name, alias: node.childForFieldName('alias')?.text ?? '' };
}

function imports(node: Node): Omit<ImportFacts, 'line'>[] {
  const names = node.childrenForFieldName('name').map(named);
  if (node.type === 'import_statement') {
    // `import a.b` binds `a`; `import a.b as c` binds the module itself.
    return names.map(({ name, alias }) => ({ module: name, name: '*', alias: alias || name, reexport: false }));
  }
  const module = node.type === 'future_import_statement' ? '__future__' : node.childForFieldName('module_name')?.text ?? '';
  if (names.length === 0) return [{ module, name: '*', alias: '', reexport: true }];
  // A package's __init__.py hands on what it imports; any module's names can be imported from it.
  return names.map(({ name, alias }) => ({ module, name, alias: alias || name, reexport: true }));
}

/** unittest and pytest collect by name: https://docs.pytest.org/en/stable/explanation/goodpractices.html */
function isTest({ path, name, parent, bases }: TestCandidate): boolean {
  if (!name.startsWith('test')) return false;
  if (bases.some((base) => base.endsWith('TestCase'))) return true;
  return /(?:^|\/)(?:test_[^/]*|[^/]*_test)\.py$/.test(path) && (parent === '' || /(?:^|\.)Test/.test(parent));
}

function binding(name: Node): BindingParts | undefined {
  const parent = name.parent;
  const type = part(parent?.childForFieldName('type')?.namedChild(0));
  if (type !== undefined) return { type };
  if (parent?.type === 'assignment') return { value: part(parent.childForFieldName('right')) };
  return parent?.type === 'named_expression' ? { value: part(parent.childForFieldName('value')) } : {};
}

function value(node: Node): ValueParts | undefined {
  switch (node.type) {
    case 'none': case 'lambda': return undefined;
    case 'await': return { inside: part(node.namedChild(0)), opens: true };
    case 'parenthesized_expression': return { inside: part(node.namedChild(0)) };
    case 'assignment': return { inside: part(node.childForFieldName('right')) };
    case 'call': return { made: node.childrenForFieldName('function') };
    default: return {};
  }
}

export const python: Language = {
  name: 'python',
  extensions: ['.py', '.pyi'],
  grammar: 'tree-sitter-python/tree-sitter-python.wasm',
  query,
  parameters: ['parameters'],
  returns: 'return_type',
  imports,
  isTest,
  owner: () => '',
  hasFunctionValues: true,
  assignmentDeclares: true,
  binding,
  value,
};
