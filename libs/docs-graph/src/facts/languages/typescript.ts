import type { Language } from '../language.js';
import { ecmascript, ecmascriptQuery } from './ecmascript.js';

const query = `${ecmascriptQuery}
(public_field_definition name: (_) @name value: [(arrow_function) (function_expression)] @value) @function
[(function_signature name: (_) @name) (method_signature name: (_) @name) (abstract_method_signature name: (_) @name)] @function
(class_body (public_field_definition name: (_) @name type: (type_annotation (_) @of)?) @field)
(interface_body (property_signature name: (_) @name type: (type_annotation (_) @of)?) @field)
(required_parameter [(accessibility_modifier) "readonly"] pattern: (identifier) @name type: (type_annotation (_) @of)?) @field
(abstract_class_declaration name: (_) @name) @class
(interface_declaration name: (_) @name) @interface
(enum_declaration name: (_) @name) @enum
(type_alias_declaration name: (_) @name) @type
[(internal_module name: (_) @name) (module name: (_) @name)] @namespace
(extends_clause value: (_) @base)
(implements_clause (_) @base)
(extends_type_clause type: (_) @base)
[(required_parameter pattern: (identifier) @local) (optional_parameter pattern: (identifier) @local)]
`;

export const typescript: Language = {
  ...ecmascript,
  name: 'typescript',
  extensions: ['.ts', '.mts', '.cts'],
  grammar: 'tree-sitter-typescript/tree-sitter-typescript.wasm',
  query,
};

/** A grammar of its own: where JSX is allowed, `<T>x` is no type assertion. */
export const tsx: Language = {
  ...ecmascript,
  name: 'tsx',
  extensions: ['.tsx'],
  grammar: 'tree-sitter-typescript/tree-sitter-tsx.wasm',
  query,
};
