import { GitRepositories } from '../git-repositories.js';
import { text, writeFiles } from './git-fixture.js';

/** A worker to be killed: opens one workspace and commits in it, again and again. Argument: the places and a commit. */
const { places, repositoryId, base } = JSON.parse(process.argv[2] ?? '') as { places: { cache: string; workspaces: string }; repositoryId: string; base: string };
const git = new GitRepositories(places);
process.stdout.write('started\n');
for (let round = 1; ; round += 1) {
  const workspace = await git.workspaces.open('c1', repositoryId, 'T001', base);
  writeFiles(workspace.path, { 'done.txt': `${round}` });
  await git.workspaces.commit('c1', workspace.workspaceId, ['done.txt'], text(`round ${round}`));
  await git.commitFiles('c1', repositoryId, [{ path: 'log.txt', content: `${process.pid}/${round}` }], text(`round ${round}`));
}
