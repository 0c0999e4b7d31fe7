import { afterAll, describe, expect, it } from '@jest/globals';
import { sampleGitRepository } from './sample-git-repository.js';
import { removeTemporaryFolders } from './temporary-folder.js';

describe('sampleGitRepository', () => {
  afterAll(removeTemporaryFolders);

  it('makes the same commits from the same files, whoever runs it', () => {
    const [a, b] = [sampleGitRepository({ 'src/a.js': 'export {};\n' }), sampleGitRepository({ 'src/a.js': 'export {};\n' })];
    expect(a.folder).not.toBe(b.folder);
    expect(a.git('rev-parse', 'main')).toBe(b.git('rev-parse', 'main'));
    b.write({ 'b.js': '' });
    expect(b.commit('second')).not.toBe(a.git('rev-parse', 'main'));
    expect(b.git('log', '--format=%s %an')).toBe('second Sample\nfirst Sample');
  });

  it('makes an empty repository when there are no files', () => {
    expect(() => sampleGitRepository().git('rev-parse', '--verify', 'main')).toThrow(/Needed a single revision|fatal/);
  });
});
