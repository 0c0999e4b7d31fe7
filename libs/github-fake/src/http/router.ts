import { description, type OperationDescription } from '../openapi/description.js';

export interface Route {
  readonly operation: string;
  readonly described: OperationDescription;
  readonly params: Readonly<Record<string, string>>;
}

/** These may hold slashes. */
const long = new Set(['{ref}', '{branch}']);

const escaped = (text: string): string => text.replaceAll(/[.*+?^$()|[\]\\]/g, String.raw`\$&`);
const segment = (part: string): string => !part.startsWith('{') ? escaped(part) : `(?<${part.slice(1, -1)}>${long.has(part) ? '.+' : '[^/]+'})`;
const fixed = (path: string): number => path.split('/').filter((part) => !part.startsWith('{')).length;

/** GitHub's own paths, those with more fixed parts first: `/issues/comments/{id}` before `/issues/{number}/comments`. */
const table = Object.entries(description.operations)
  .map(([operation, described]) => ({ operation, described, pattern: new RegExp(`^${described.path.split('/').map(segment).join('/')}$`) }))
  .sort((a, b) => fixed(b.described.path) - fixed(a.described.path));

export function routeOf(method: string, path: string): Route | undefined {
  for (const { operation, described, pattern } of table) {
    const found = described.method === method ? pattern.exec(path) : null;
    if (found !== null) return { operation, described, params: Object.fromEntries(Object.entries(found.groups ?? {}).map(([name, value]) => [name, decoded(value)])) };
  }
  return undefined;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
