import { describe, expect, it } from '@jest/globals';
import { pathProblem, relativePath } from './repository-path.js';

describe('repository paths', () => {
  it.each(['src/a.ts', 'README.md', 'deep/new/dir/f.test.js', '.github/workflows/ci.yml', 'docs/a b.md', 'src/.gitkeep'])('accepts %s', (path) => {
    expect(pathProblem(path)).toBeUndefined();
  });

  it.each([
    '', '../x', '/etc/x', 'a/../../x', 'a//b', 'src/./b', 'a/..', 'C:/x', 'a\\b', 'a\0b', 'a\nb', '.git', '.git/config', '.GIT/config', 'x/.git/hooks/y',
    'git~1/x', '.g\u200cit/c', '.git /x', '.git./x', '.git::$INDEX_ALLOCATION/x', '.gitattributes', 'sub/.gitmodules', 'x'.repeat(1025),
  ])('refuses %j', (path) => {
    expect(pathProblem(path)).toEqual(expect.any(String));
    expect(relativePath.safeParse(path).success).toBe(false);
  });
});
