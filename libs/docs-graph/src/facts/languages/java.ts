import type { Node } from 'web-tree-sitter';
import type { ImportFacts } from '../file-facts.js';
import type { Language, TestCandidate } from '../language.js';

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
};
