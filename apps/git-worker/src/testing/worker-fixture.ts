import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { EventOf, Project, taskImplemented } from '@cascade/contracts';
import { GitRepositories } from '@cascade/git';
import { sampleGitRepository, temporaryFolder } from '@cascade/testing';

/** A small repository with node --test. */
export const cartFiles = {
  'package.json': '{ "name": "cart", "type": "module", "scripts": { "test": "node --test" } }\n',
  'src/sum.js': 'export const sum = (a, b) => a + b;\n',
  'test/sum.test.js': 'import test from \'node:test\';\nimport assert from \'node:assert/strict\';\nimport { sum } from \'../src/sum.js\';\n\ntest(\'adds\', () => { assert.equal(sum(1, 2), 3); });\n',
};

export const cascadeId = 'c1';
export type Implemented = EventOf<typeof taskImplemented>;

/** One cascade on one sample repository, as the tiers before would have left it. */
export class WorkerFixture {
  private constructor(readonly repository: ReturnType<typeof sampleGitRepository>, readonly places: { cache: string; workspaces: string }, readonly git: GitRepositories, readonly project: Project) {}

  static async make(files: Readonly<Record<string, string>> = cartFiles): Promise<WorkerFixture> {
    const repository = sampleGitRepository(files, 'cart');
    const root = temporaryFolder('git-worker');
    const places = { cache: join(root, 'cache'), workspaces: join(root, 'workspaces') };
    const git = new GitRepositories(places);
    const opened = await git.open(cascadeId, repository.folder);
    return new WorkerFixture(repository, places, git, {
      request: 'x', repositoryId: opened.repositoryId, repositoryName: opened.repositoryName, branch: opened.branch, baseSha: opened.baseSha,
      epicId: 1, epicName: 'cart', clarifications: 'assume',
      testPlan: { ecosystem: 'node', runner: 'node-test', command: ['node', '--test'], moduleSystem: 'esm', typescript: false, dependencies: 'none', testDirectory: 'test' },
    });
  }

  /** A task's commit in a workspace of its own, and the event that says so. */
  async implement(taskId: string, files: Readonly<Record<string, string>>): Promise<Implemented> {
    const { repositoryId, baseSha } = this.project;
    const { workspaceId, path } = await this.git.workspaces.open(cascadeId, repositoryId, taskId, baseSha);
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(path, name)), { recursive: true });
      writeFileSync(join(path, name), text);
    }
    const { sha } = await this.git.workspaces.commit(cascadeId, workspaceId, Object.keys(files), { subject: `feat: ${taskId}`, body: '', trailers: [{ name: 'Task', value: taskId }] });
    return {
      id: `event-${taskId}`, type: 'task.implemented', source: 'test', time: '2026-01-05T09:00:00Z', cascadeId, dataschema: 'urn:cascade:event:task.implemented:v1',
      data: { project: this.project, taskId, attempt: 1, workspaceId, commitSha: sha, evidence: { redTests: [], lockedTests: {}, attempts: 1 } },
    };
  }

  async tip(): Promise<string> {
    return await this.git.integrationTip(cascadeId, this.project.repositoryId);
  }

  async filesAt(commit: string): Promise<string[]> {
    return (await this.git.readFiles(this.project.repositoryId, commit, [], 1)).entries.map(({ path }) => path);
  }
}

/** A module `name` that gives `value`, with a test that expects `expected`. */
export function moduleFiles(name: string, value: number, expected = value): Record<string, string> {
  return {
    [`src/${name}.js`]: `export const ${name} = ${value};\n`,
    [`test/${name}.test.js`]: `import test from 'node:test';\nimport assert from 'node:assert/strict';\nimport { ${name} } from '../src/${name}.js';\n\ntest('${name} is right', () => { assert.equal(${name}, ${expected}); });\n`,
  };
}
