import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What `but` refuses, with exit code 1. */
export class Refusal extends Error {}

const WORKSPACE = 'refs/heads/gitbutler/workspace';

/** One clone with virtual branches: what is applied is in the working directory, all at once. */
export class Project {
  constructor(folder, state) {
    this.folder = folder;
    this.state = state;
  }

  static setUp(folder) {
    if (!existsSync(join(folder, '.git')) || !statSync(join(folder, '.git')).isDirectory()) throw new Refusal('GitButler requires the main worktree of a repository that is not bare');
    const project = new Project(folder, undefined);
    const before = existsSync(project.file);
    if (!before) {
      const base = project.git('rev-parse', 'HEAD');
      project.state = { base, shown: base, branches: [], conflicted: [], ids: {}, round: 0, log: [] };
      const hooks = join(folder, '.git/hooks');
      mkdirSync(hooks, { recursive: true });
      for (const name of ['pre-commit', 'post-checkout']) writeFileSync(join(hooks, name), '#!/bin/sh\n# GITBUTLER_MANAGED_HOOK_V1\n', { mode: 0o755 });
      project.git('update-ref', WORKSPACE, base);
      project.git('symbolic-ref', 'HEAD', WORKSPACE);
      project.save();
    }
    return { repositoryPath: folder, projectStatus: before ? 'alreadyexists' : 'added', target: { branchName: 'cascade-base', remoteName: 'gb-local', newlySet: !before } };
  }

  static open(folder) {
    const project = new Project(folder, undefined);
    if (!existsSync(project.file)) throw new Refusal('No GitButler project found. Run `but setup` first.');
    project.state = JSON.parse(readFileSync(project.file, 'utf8'));
    return project;
  }

  get file() {
    return join(this.folder, '.git/gitbutler/virtual_branches.json');
  }

  git(...args) {
    return execFileSync('git', args, { cwd: this.folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).replace(/\n$/, '');
  }

  save() {
    mkdirSync(join(this.folder, '.git/gitbutler'), { recursive: true });
    writeFileSync(this.file, JSON.stringify(this.state));
  }

  /** Remembers the state before a change; identifiers of the change before are no longer known afterwards. */
  change(next) {
    const { log, ...before } = this.state;
    this.state = { ...before, ...next, ids: {}, log: [...log, before] };
    this.publish();
  }

  publish() {
    const kept = new Map([[WORKSPACE, this.state.shown], ['refs/heads/cascade-base', this.state.base], ...this.state.branches.map(({ name, commits }) => [`refs/heads/${name}`, commits.at(-1) ?? this.parentOf(name)])]);
    const gone = this.git('for-each-ref', '--format=%(refname)', 'refs/heads').split('\n').filter((ref) => !kept.has(ref));
    const lines = [...gone.map((ref) => `delete ${ref}\n`), ...[...kept].map(([ref, sha]) => `update ${ref} ${sha}\n`)];
    execFileSync('git', ['update-ref', '--stdin'], { cwd: this.folder, input: lines.join(''), stdio: ['pipe', 'ignore', 'pipe'] });
    this.git('read-tree', this.state.shown);
    this.save();
  }

  branch(name) {
    const found = this.state.branches.find((one) => one.name === name);
    if (found === undefined) throw new Refusal(`Branch '${name}' not found`);
    return found;
  }

  /** Where a branch begins. */
  parentOf(name) {
    const { above } = this.branch(name);
    return above === null ? this.state.base : this.branch(above).commits.at(-1) ?? this.parentOf(above);
  }

  /** Uncommitted changes, and an index that holds them. */
  changes(index) {
    rmSync(index, { force: true });
    const env = { ...process.env, GIT_INDEX_FILE: index };
    const git = (...args) => execFileSync('git', args, { cwd: this.folder, encoding: 'utf8', env, stdio: ['ignore', 'pipe', 'pipe'] });
    git('read-tree', this.state.shown);
    git('add', '--all');
    const fields = git('diff-index', '--cached', '--no-renames', '-z', '--name-status', this.state.shown).split('\0');
    const kinds = { A: 'added', M: 'modified', D: 'deleted', T: 'modified' };
    return Array.from({ length: (fields.length - 1) / 2 }, (_, at) => ({ filePath: fields[2 * at + 1], changeType: kinds[fields[2 * at]] }));
  }

  status() {
    const round = this.state.round + 1;
    const uncommittedChanges = this.changes(join(this.folder, '.git/fake-index')).map((change, at) => ({ cliId: `${round.toString(36)}${at.toString(36)}`, ...change }));
    this.state = { ...this.state, round, ids: Object.fromEntries(uncommittedChanges.map(({ cliId, filePath }) => [cliId, filePath])) };
    this.save();
    const roots = this.state.branches.filter(({ above }) => above === null);
    return {
      uncommittedChanges,
      stacks: roots.map((root, at) => ({ cliId: `s${at}`, assignedChanges: [], branches: this.stackOf(root).toReversed().map((branch, nth) => this.describe(branch, `b${at}${nth}`)) })),
      mergeBase: { cliId: '', commitId: this.state.base, createdAt: '2026-01-05T09:00:00+00:00', message: '', authorName: '', authorEmail: '' },
      upstreamState: { behind: 0, latestCommit: null, lastFetched: null },
    };
  }

  stackOf(root) {
    const next = this.state.branches.find(({ above }) => above === root.name);
    return [root, ...(next === undefined ? [] : this.stackOf(next))];
  }

  describe({ name, commits }, cliId) {
    return {
      cliId, name, upstreamCommits: [], branchStatus: 'completelyUnpushed', reviewId: null, ci: null,
      commits: commits.toReversed().map((commitId, at) => ({ cliId: `${cliId}c${at}`, changeId: commitId.slice(0, 12), commitId, createdAt: '2026-01-05T09:00:00+00:00', message: this.git('log', '-1', '--format=%B', commitId), authorName: this.git('log', '-1', '--format=%an', commitId), authorEmail: this.git('log', '-1', '--format=%ae', commitId), conflicted: this.state.conflicted.includes(commitId), reviewId: null })),
    };
  }

  newBranch(name, above) {
    if (this.state.branches.some((one) => one.name === name)) throw new Refusal(`Branch '${name}' already exists`);
    if (above !== undefined) this.branch(above);
    if (this.state.branches.some((one) => one.above === above)) throw new Refusal(`the test puts a branch into the middle of a stack`);
    this.change({ branches: [...this.state.branches, { name, above: above ?? null, commits: [] }] });
    return { branch: name };
  }

  commit(name, message, ids) {
    const branch = this.branch(name ?? '');
    const index = join(this.folder, '.git/fake-index');
    this.changes(index);
    const paths = ids.map((id) => this.state.ids[id] ?? (() => { throw new Refusal(`'${id}' not found`); })());
    const shown = this.withPaths(index, paths);
    const commit = this.pick(shown, this.state.shown, branch.commits.at(-1) ?? this.parentOf(name), message, ids.length);
    this.change({ shown, ...this.rebuilt(this.state.branches.map((one) => (one === branch ? { ...one, commits: [...one.commits, commit] } : one))) });
    return { commitId: commit, changeId: commit.slice(0, 12) };
  }

  /** The workspace's commit with what an index has at these paths. */
  withPaths(index, paths) {
    const env = { ...process.env, GIT_INDEX_FILE: `${index}-part` };
    const git = (input, ...args) => execFileSync('git', args, { cwd: this.folder, encoding: 'utf8', env, input, stdio: ['pipe', 'pipe', 'pipe'] }).replace(/\n$/, '');
    git('', 'read-tree', this.state.shown);
    const lines = paths.map((path) => {
      const [mode, oid] = execFileSync('git', ['ls-files', '-s', '-z', '--', `:(literal)${path}`], { cwd: this.folder, encoding: 'utf8', env: { ...process.env, GIT_INDEX_FILE: index, GIT_LITERAL_PATHSPECS: '0' } }).split(' ');
      return oid === undefined ? `0 ${'0'.repeat(40)}\t${path}\0` : `${mode} ${oid}\t${path}\0`;
    });
    git(lines.join(''), 'update-index', '-z', '--index-info');
    return this.git('commit-tree', git('', 'write-tree'), '-p', this.state.shown, '-m', 'GitButler Workspace Commit');
  }

  /** A change put onto another commit. */
  pick(commit, parent, onto, message, count = 1) {
    const stand = this.git('commit-tree', `${onto}^{tree}`, '-p', parent, '-m', 'x');
    try {
      return this.git('commit-tree', this.git('merge-tree', '--write-tree', stand, commit).split('\n')[0], '-p', onto, '-m', message);
    } catch (error) {
      throw new Refusal(`Cannot commit: ${count} changes could not be applied`, { cause: error });
    }
  }

  /** Branches with every commit on what is below it now; one that does not fit there is marked, as `but` does. */
  rebuilt(branches) {
    const conflicted = [...this.state.conflicted];
    const put = (commit, onto) => {
      if (this.git('rev-parse', `${commit}^`) === onto) return commit;
      const message = this.git('log', '-1', '--format=%B', commit);
      try {
        return this.pick(commit, `${commit}^`, onto, message);
      } catch {
        const kept = this.git('commit-tree', `${onto}^{tree}`, '-p', onto, '-m', message);
        conflicted.push(kept);
        return kept;
      }
    };
    const stack = (above, onto) => branches.filter((one) => one.above === above).flatMap((one) => {
      let tip = onto;
      const commits = one.commits.map((commit) => (tip = put(commit, tip)));
      return [{ ...one, commits }, ...stack(one.name, tip)];
    });
    return { branches: stack(null, this.state.base), conflicted };
  }

  move([name, ...others], above) {
    if (others.length > 0) throw new Refusal('the test moves one branch at a time');
    const branch = this.branch(name);
    if (above !== undefined && this.state.branches.some((one) => one.above === above)) throw new Refusal('the test puts a branch into the middle of a stack');
    this.change(this.rebuilt(this.state.branches.map((one) => {
      if (one === branch) return { ...one, above: above ?? null };
      return one.above === name ? { ...one, above: branch.above } : one;
    })));
    return {};
  }

  undo() {
    const before = this.state.log.at(-1);
    if (before === undefined) throw new Refusal('There is nothing to undo');
    this.state = { ...before, ids: {}, round: this.state.round, log: this.state.log.slice(0, -1) };
    this.publish();
    return {};
  }
}
