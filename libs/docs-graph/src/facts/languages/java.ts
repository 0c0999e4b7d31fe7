import type { Node } from 'web-tree-sitter';
import type { ImportFacts } from '../file-facts.js';
import type { BindingParts, Language, TestCandidate, ValueParts } from '../language.js';
import { part } from './part.js';

const query = `
[(method_declaration name: (_) @name) (constructor_declaration name: (_) @name) (compact_constructor_declaration name: (_) @name) (annotation_type_element_declaration name: (_) @name)] @function
[(class_declaration name: (_) @name) (record_declaration name: (_) @name)] @class
[(interface_declaration name: (_) @name) (annotation_type_declaration name: (_) @name)] @interface
(enum_declaration name: (_) @name) @enum
(superclass (_) @base)
(super_interfaces (type_list (_) @base))
(extends_interfaces (type_list (_) @base))
(method_invocation !object name: (_) @call arguments: (_) @arguments)
(method_invocation object: (_) @receiver name: (_) @call arguments: (_) @arguments)
(object_creation_expression type: (type_identifier) @call arguments: (_) @arguments)
(object_creation_expression type: (generic_type . (type_identifier) @call) arguments: (_) @arguments)
(object_creation_expression type: (scoped_type_identifier (_) @receiver (type_identifier) @call .) arguments: (_) @arguments)
(package_declaration [(scoped_identifier) (identifier)] @module)
[(field_declaration type: (_) @of declarator: (variable_declarator name: (_) @name)) (constant_declaration type: (_) @of declarator: (variable_declarator name: (_) @name))] @field
(record_declaration parameters: (formal_parameters (formal_parameter type: (_) @of name: (_) @name) @field))
(local_variable_declaration declarator: (variable_declarator name: (identifier) @local))
[(enhanced_for_statement name: (identifier) @local) (catch_formal_parameter name: (identifier) @local) (resource name: (identifier) @local) (instanceof_expression name: (identifier) @local)]
[(lambda_expression parameters: (identifier) @local) (inferred_parameters (identifier) @local) (formal_parameter name: (identifier) @local) (type_pattern (identifier) @local) (record_pattern_component (identifier) @local)]
(import_declaration) @import
(method_declaration (modifiers [(marker_annotation) (annotation)] @mark))
[(line_comment) (block_comment)] @comment
`;

/** `import a.b.C` gives C of a.b; `import a.b.*` everything of a.b. */
function imports(node: Node): Omit<ImportFacts, 'line'>[] {
  const children = node.namedChildren;
  const path = children.find((child) => child.type === 'scoped_identifier' || child.type === 'identifier')?.text ?? '';
  if (children.some((child) => child.type === 'asterisk')) return [{ module: path, name: '*', alias: '', reexport: false }];
  const dot = path.lastIndexOf('.');
  const name = path.slice(dot + 1);
  return [{ module: path.slice(0, Math.max(dot, 0)), name, alias: name, reexport: false }];
}

/** JUnit 4 and 5, TestNG, jqwik: an annotation; JUnit 3: a TestCase with methods that begin with `test`. */
const isTest = ({ marks, name, bases }: TestCandidate): boolean =>
  marks.some((mark) => /^@(?:[\w.]+\.)?(?:Test|ParameterizedTest|RepeatedTest|TestFactory|TestTemplate|Property)\b/.test(mark))
  || name.startsWith('test') && bases.some((base) => base.endsWith('TestCase'));

function binding(name: Node): BindingParts | undefined {
  const parent = name.parent;
  if (parent?.type === 'type_pattern' || parent?.type === 'record_pattern_component') return { type: part(parent.namedChild(0)) };
  if (parent?.type === 'instanceof_expression') return { type: part(parent.childForFieldName('right')) };
  if (parent?.type === 'catch_formal_parameter') return { type: parent.namedChildren.find(({ type }) => type === 'catch_type') };
  const declaration = parent?.type === 'variable_declarator' ? parent.parent : parent;
  const type = part(declaration?.childForFieldName('type'));
  if (type === undefined || type.text !== 'var') return { type };
  return parent?.type === 'enhanced_for_statement' ? {} : { value: part(parent?.childForFieldName('value')) };
}

function value(node: Node): ValueParts | undefined {
  switch (node.type) {
    case 'null_literal': return undefined;
    case 'parenthesized_expression': return { inside: part(node.namedChild(0)) };
    case 'object_creation_expression': case 'cast_expression': return { type: part(node.childForFieldName('type')) };
    case 'method_invocation': return { made: [...node.childrenForFieldName('object'), ...node.childrenForFieldName('name')] };
    default: return {};
  }
}

export const java: Language = {
  name: 'java',
  extensions: ['.java'],
  grammar: 'tree-sitter-java/tree-sitter-java.wasm',
  query,
  parameters: ['parameters'],
  returns: 'type',
  imports,
  isTest,
  owner: () => '',
  hasFunctionValues: false,
  assignmentDeclares: false,
  binding,
  value,
};
