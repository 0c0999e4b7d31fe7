import type { Language } from '../language.js';
import { ecmascript, ecmascriptQuery } from './ecmascript.js';

export const javascript: Language = {
  ...ecmascript,
  name: 'javascript',
  extensions: ['.js', '.mjs', '.cjs', '.jsx'],
  grammar: 'tree-sitter-javascript/tree-sitter-javascript.wasm',
  query: `${ecmascriptQuery}
(field_definition property: (_) @name value: [(arrow_function) (function_expression)] @value) @function
(class_body (field_definition property: (_) @name) @field)
(class_heritage (_) @base)
(formal_parameters [(identifier) @local (assignment_pattern left: (identifier) @local)])
`,
};
