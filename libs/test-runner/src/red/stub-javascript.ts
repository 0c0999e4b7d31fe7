import type { StubInterface, StubKind } from './stub-kinds.js';
import { isErrorClass } from './stub-kinds.js';

export interface JavascriptStyle {
  readonly esm: boolean;
  readonly typescript: boolean;
}

const body: Readonly<Record<StubKind, string>> = {
  throws: "throw new Error('not implemented');",
  'returns nothing': 'return undefined;',
  'returns its first argument': 'return args[0];',
};
/** Values on which the usual ways to use a constant do not fail while the test file is being loaded. */
const constant: Readonly<Record<StubKind, string>> = { throws: '[]', 'returns nothing': 'undefined', 'returns its first argument': "''" };

/** Whether a text exports a name, and whether it merely declares it. */
export function javascriptNames(text: string): { exported(name: string): boolean; declared(name: string): boolean } {
  const source = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/[^\n]*/g, '$1');
  const lists = [...source.matchAll(/(?:export(?: type)?|module\.exports\s*=|exports\s*=)\s*\{([^}]*)\}/g)].map((match) => match[1]!);
  const listed = new Set(lists.flatMap((list) => list.split(',').map((item) => /(?:as\s+)?([\w$]+)\s*(?::[\s\S]*)?$/.exec(item.trim().replace(/:[\s\S]*$/, ''))?.[1] ?? '')));
  const has = (pattern: string): boolean => new RegExp(pattern, 'm').test(source);
  const word = (name: string): string => `${name.replaceAll('$', '\\$')}(?![\\w$])`;
  return {
    exported: (name) => listed.has(name) || (name === 'default' && has('^\\s*export default ')) || has(`^\\s*export\\s+(?:default\\s+)?(?:declare\\s+|abstract\\s+)?(?:async\\s+)?(?:function\\*?|class|const|let|var|enum)\\s+${word(name)}`) || has(`(?:module\\.)?exports\\.${word(name)}\\s*=`),
    declared: (name) => has(`^(?:async\\s+)?(?:function\\*?|class|const|let|var)\\s+${word(name)}`),
  };
}

function declaration(item: StubInterface, kind: StubKind, { typescript }: JavascriptStyle): string {
  const args = typescript ? '...args: any[]' : '...args';
  const result = typescript ? ': any' : '';
  if (item.kind === 'constant') return `const ${item.name}${result} = ${constant[kind]};`;
  if (item.kind === 'function') return `function ${item.name}(${args})${result} { ${body[kind]} }`;
  if (isErrorClass(item)) return `class ${item.name} extends Error {}`;
  const members = ['  constructor() {}', ...item.methods.filter((method) => method !== 'constructor').map((method) => `  ${method}(${args})${result} { ${body[kind]} }`)];
  return `class ${item.name} {\n${members.join('\n')}\n}`;
}

function exportedDeclaration(item: StubInterface, kind: StubKind, style: JavascriptStyle): string {
  if (item.name === 'default') {
    const named = declaration({ ...item, name: 'stub' }, kind, style);
    return style.esm ? `${named}\nexport default stub;` : `${named}\nmodule.exports = stub;`;
  }
  return style.esm ? `export ${declaration(item, kind, style)}` : `${declaration(item, kind, style)}\nmodule.exports.${item.name} = ${item.name};`;
}

/** A file's text with every missing name added: what it exports already stays as it is. */
export function javascriptStub(existing: string | undefined, items: readonly StubInterface[], kind: StubKind, style: JavascriptStyle): string {
  const names = javascriptNames(existing ?? '');
  const added = items.filter(({ name }) => !names.exported(name)).map((item) => {
    if (!names.declared(item.name)) return exportedDeclaration(item, kind, style);
    return style.esm ? `export { ${item.name} };` : `module.exports.${item.name} = ${item.name};`;
  });
  if (added.length === 0) return existing ?? '';
  const head = existing === undefined ? (style.typescript ? '// @ts-nocheck\n' : '') : `${existing.trimEnd()}\n\n`;
  return `${head}${added.join('\n\n')}\n`;
}
