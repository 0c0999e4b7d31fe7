import { describe, expect, it } from '@jest/globals';
import type { TestPlan } from '@cascade/contracts';
import { chooseFiles, MAX_READ_FILES, MAX_SHOWN_CHARACTERS, ownFiles, requestWords, type FileEntry } from './choose-files.js';
import type { Guide } from './guide.js';
import type { RepositoryFiles } from './read-repository.js';
import { MAX_LISTED_FILES, repositoryContext } from './repository-context.js';

const plan: TestPlan = { ecosystem: 'node', runner: 'node-test', command: ['node', '--test'], moduleSystem: 'esm', typescript: false, dependencies: 'none', testDirectory: 'test/' };
const entry = (path: string, bytes = 10): FileEntry => ({ path, bytes });
const repository = (texts: Record<string, string>): RepositoryFiles => {
  const all = Object.entries(texts).map(([path, text]) => entry(path, text.length));
  return { all, entries: ownFiles(all), files: Object.entries(texts).map(([path, text]) => ({ path, text })) };
};

describe('chooseFiles', () => {
  it('takes README, manifests and sources, and nothing that was made or that an earlier cascade wrote', () => {
    const paths = ['src/b.js', 'README.md', 'package.json', 'requirements/dev.txt', 'a.py', 'logo.png', 'node_modules/x/i.js', 'dist/i.js', 'package-lock.json', 'docs/stories/1.1.x.md', 'docs/guide.md', 'specs/001-x/spec.md', '.github/x.js', 'src/huge.js'];
    const entries = paths.map((path) => entry(path, path === 'src/huge.js' ? 100_000 : 10));
    expect(chooseFiles(entries, 'do it')).toEqual(['README.md', 'a.py', 'package.json', 'requirements/dev.txt', 'src/b.js']);
    expect(ownFiles(entries).map(({ path }) => path)).toContain('docs/guide.md');
  });

  it('prefers what the request names when there is too much, whatever the order of the listing', () => {
    const entries = [...Array.from({ length: 200 }, (_, index) => entry(`src/a${index}.js`)), entry('src/zz-receipt.js')];
    const chosen = chooseFiles(entries, 'Print the receipt');
    expect(chosen).toHaveLength(MAX_READ_FILES);
    expect(chosen).toContain('src/zz-receipt.js');
    expect(chooseFiles([...entries].reverse(), 'Print the receipt')).toEqual(chosen);
  });

  it('finds the words that matter', () => {
    expect(requestWords('Add a Receipt, and the receipt again: naïve')).toEqual(['again', 'naïve', 'receipt']);
  });
});

describe('repositoryContext', () => {
  it('shows contents with line numbers, which are the lines that may be cited', () => {
    const { text, files } = repositoryContext(repository({ 'src/a.js': 'one\ntwo\n', 'notes.bin': '' }), plan, 'x');
    expect(text).toContain('Tests: `node --test` (node-test, node, modules: esm), in test/');
    expect(text).toContain('--- src/a.js (2 lines)\n1| one\n2| two');
    expect([...files]).toEqual([['notes.bin', undefined], ['src/a.js', 2]]);
  });

  it('is the same text whatever the order of the answers', () => {
    const texts = { 'b.js': 'b', 'a.js': 'a', 'README.md': 'r' };
    const turned = Object.fromEntries(Object.entries(texts).toReversed());
    expect(repositoryContext(repository(turned), plan, 'x').text).toBe(repositoryContext(repository(texts), plan, 'x').text);
  });

  it('shows whole files within the bound, the most relevant first, and lists the rest', () => {
    const big = 'x\n'.repeat(MAX_SHOWN_CHARACTERS / 4);
    const { text, files } = repositoryContext(repository({ 'a.js': big, 'b.js': big, 'receipt.js': 'y\n' }), plan, 'receipt');
    expect([files.get('a.js'), files.get('b.js'), files.get('receipt.js')]).toEqual([MAX_SHOWN_CHARACTERS / 4, undefined, 1]);
    expect(text).toContain('- b.js');
    expect(text).not.toContain('--- b.js');
  });

  it('counts the files that it does not list', () => {
    const texts = Object.fromEntries(Array.from({ length: MAX_LISTED_FILES + 5 }, (_, index) => [`f${index}.dat`, '']));
    expect(repositoryContext(repository(texts), plan, 'x').text).toContain('and 5 more');
  });

  it('shows what the documentation graph found before what only names the request, and its signatures where a file does not fit', () => {
    const big = 'x\n'.repeat(MAX_SHOWN_CHARACTERS / 2 - 10);
    const hit = (source: string): Guide['hits'][number] => ({ id: source, kind: 'function', name: 'f', signature: 'f(a)', summary: 'Adds.', source, score: 1 });
    const guide = { hits: [hit('src/z.js#L3-L5'), hit('src/y.js#L7-L9')], map: 'src/m.js\n  1 main()\n' };
    const { text, files } = repositoryContext(repository({ 'receipt.js': big, 'src/z.js': 'z\n', 'src/y.js': big }), plan, 'receipt', guide);
    expect([files.get('src/z.js'), files.get('src/y.js'), files.get('receipt.js')]).toEqual([1, MAX_SHOWN_CHARACTERS / 2 - 10, undefined]);
    expect(text).toContain('What most of the code depends on, by file, each with its first line:\nsrc/m.js\n  1 main()');
    const tight = repositoryContext(repository({ 'src/z.js': big, 'src/y.js': big }), plan, 'receipt', guide);
    expect(tight.text).toContain('may be cited with these lines:\n- src/y.js#L7-L9 f(a): Adds.');
    expect(tight.files.get('src/y.js')).toBe(9);
  });
});
