import { GitRepositories } from '../git-repositories.js';
import type { StoryChange } from '../story-stack.js';

/** A worker to be killed: spreads one story, again and again. Argument: the places, the repository and the story's changes. */
const { places, repositoryId, changes } = JSON.parse(process.argv[2] ?? '') as { places: { cache: string; workspaces: string }; repositoryId: string; changes: StoryChange[] };
const git = new GitRepositories({ ...places, driver: 'gitbutler' });
process.stdout.write('started\n');
for (;;) await git.workspaces.spreadStory('c1', repositoryId, 'story/1.1', changes);
