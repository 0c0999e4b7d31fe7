import { isErrorClass, type StubInterface, type StubKind } from './stub-kinds.js';

const body: Readonly<Record<StubKind, string>> = {
  throws: "raise NotImplementedError('not implemented')",
  'returns nothing': 'return None',
  'returns its first argument': 'return args[0] if args else None',
};
const constant: Readonly<Record<StubKind, string>> = { throws: '[]', 'returns nothing': 'None', 'returns its first argument': "''" };

/** Names that a module has at its top level. */
export function pythonNames(text: string): { defined(name: string): boolean } {
  const imported = [...text.matchAll(/^(?:from\s+\S+\s+)?import\s+(?:\(([^)]*)\)|([^#\n]*))/gm)].flatMap((match) => (match[1] ?? match[2] ?? '').split(',').map((item) => item.trim().split(/\s+as\s+/).at(-1)!));
  return { defined: (name) => imported.includes(name) || new RegExp(`^(?:(?:async\\s+)?def\\s+${name}\\b|class\\s+${name}\\b|${name}\\s*(?::[^=\\n]*)?=)`, 'm').test(text) };
}

function declaration(item: StubInterface, kind: StubKind): string {
  if (item.kind === 'constant') return `${item.name} = ${constant[kind]}`;
  if (item.kind === 'function') return `${/^\s*async\b/.test(item.signature) ? 'async ' : ''}def ${item.name}(*args, **kwargs):\n    ${body[kind]}`;
  if (isErrorClass(item)) return `class ${item.name}(Exception):\n    pass`;
  const methods = item.methods.filter((method) => method !== '__init__').map((method) => `    def ${method}(self, *args, **kwargs):\n        ${body[kind]}`);
  return [`class ${item.name}:`, '    def __init__(self, *args, **kwargs):\n        pass', ...methods].join('\n\n').replace(':\n\n', ':\n');
}

/** A module's text with every missing name added: what it defines already stays as it is. */
export function pythonStub(existing: string | undefined, items: readonly StubInterface[], kind: StubKind): string {
  const names = pythonNames(existing ?? '');
  const added = items.filter(({ name }) => !names.defined(name)).map((item) => declaration(item, kind));
  if (added.length === 0) return existing ?? '';
  return `${existing === undefined || existing.trim() === '' ? '' : `${existing.trimEnd()}\n\n\n`}${added.join('\n\n\n')}\n`;
}
