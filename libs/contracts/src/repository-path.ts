import { z } from 'zod';

const control = /[\u0000-\u001f\u007f]/;
/** Code points that HFS+ ignores in names: `.g\u200cit` is `.git` there (git's `core.protectHFS`). */
const ignorable = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g;

/**
 * Why a path from outside must not be used inside a repository, or undefined when it may be.
 * Lexical only; whoever writes also has to refuse symbolic links on the way.
 */
export function pathProblem(path: string): string | undefined {
  if (path.length === 0 || path.length > 1024) return 'must have 1 to 1024 characters';
  if (control.test(path)) return 'must not contain control characters';
  if (path.includes('\\') || path.startsWith('/') || /^[A-Za-z]:/.test(path)) return 'must be relative, with forward slashes';
  for (const segment of path.split('/')) {
    if (segment === '' || segment === '.' || segment === '..') return 'must not contain empty, "." or ".." segments';
    const name = segment.replace(ignorable, '').normalize('NFC').replace(/[ .]+$/, '').replace(/:.*$/, '').toLowerCase();
    if (name === '' || name === '.git' || /^git~\d+$/.test(name)) return 'must not name git\'s own folder';
    if (name === '.gitmodules' || name === '.gitattributes') return 'must not name a file that controls git';
  }
  return undefined;
}

/** A path below a repository's root, with `/`, that no git or file system trick can turn into another place. */
export const relativePath = z.string().max(1024).superRefine((path, context) => {
  const problem = pathProblem(path);
  if (problem !== undefined) context.addIssue({ code: 'custom', message: `path ${JSON.stringify(path.slice(0, 120))} ${problem}` });
});
