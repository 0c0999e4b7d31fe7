// How long after the event of a commit its file can be asked for: docs-indexer and git-worker as they run, a real Redis, git.
import { execFileSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { docsIndexed, docsIndexFailed, docsIndexRequested, docsSearch, newEventId, redisKeys } from '@cascade/contracts';
import { CommandClient, EventPublisher, fieldsOf } from '@cascade/streams';
import { isReadable } from '@cascade/docs-graph';
import { Redis } from 'ioredis';
import { percentile, rounded, table } from '../figures.mjs';
import { withServers } from '../server.mjs';
import { Subject } from '../subject.mjs';
import { additions } from './additions.mjs';
import { filesBelow } from './facts.mjs';
import { sample, seeded } from './statistics.mjs';

const WARM_UP = 5;

/** `folders` of the tree become one repository with a history of one commit a change. */
export async function fromEvents({ tree, folders, changes, print, progress }) {
  const home = mkdtempSync(path.join(os.tmpdir(), 'cascade-bench-docs-events-'));
  try {
    progress('one changed file, from its event');
    const repository = repositoryOf(tree, folders, path.join(home, 'repository'));
    return await withServers((url) => measured({ url, home: path.join(home, 'service'), repository, changes, print }));
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

function repositoryOf(tree, folders, folder) {
  mkdirSync(folder);
  for (const name of folders) cpSync(path.join(tree, name), path.join(folder, name), { recursive: true, verbatimSymlinks: true });
  const git = (...args) => execFileSync('git', ['-c', 'user.name=bench', '-c', 'user.email=bench@localhost', '-c', 'core.autocrlf=false', ...args], { cwd: folder, maxBuffer: 1 << 28 });
  git('init', '--quiet', '--initial-branch=main');
  git('add', '--all', '--force');
  git('commit', '--quiet', '--message', 'all');
  return { folder, git, names: filesBelow(folder).filter((name) => !name.startsWith('.git/') && isReadable(name) && additions[path.extname(name)] !== undefined) };
}

async function measured({ url, home, repository, changes, print }) {
  const subject = await Subject.start('docs-service.mjs', 'services', url, { home });
  const caller = new Caller(url, repository.folder);
  const first = await caller.index();
  const cpu = async () => (await subject.call('cpuUs')).result;
  const runs = [];
  for (const [number, name] of sample(repository.names, changes + WARM_UP, seeded(45)).entries()) {
    const word = `bench_event_${number}`;
    appendFileSync(path.join(repository.folder, name), additions[path.extname(name)](word));
    repository.git('commit', '--quiet', '--message', word, '--', name);
    const before = await cpu();
    const { ms } = await caller.index();
    const { hits } = await caller.ask(docsSearch, { query: word, limit: 1 });
    runs.push({ ms, cpu: (await cpu() - before) / 1000, isFound: hits[0]?.name === word });
  }
  const unchanged = [];
  for (let at = 0; at < changes; at += 1) unchanged.push((await caller.index()).ms);
  await caller.close();
  await subject.call('stop');
  subject.stop();
  return report({ runs: runs.slice(WARM_UP), unchanged, first, print });
}

/** What asks: publishes, waits for the end, searches. */
class Caller {
  constructor(url, repository) {
    this.repository = repository;
    this.commands = new CommandClient({ redis: { url } });
    this.publisher = new EventPublisher({ redis: { url } });
    this.reader = new Redis(url);
    this.last = { [redisKeys.stream(docsIndexed.type)]: '0', [redisKeys.stream(docsIndexFailed.type)]: '0' };
  }

  ask(command, request) {
    return this.commands.send(command, { repository: this.repository, ...request }, { key: newEventId(), cascadeId: 'bench', signal: AbortSignal.timeout(60_000) });
  }

  /** Milliseconds from publishing the request until its end is in the stream, and what that says. */
  async index() {
    const begin = performance.now();
    const { cascadeId } = await this.publisher.publish(docsIndexRequested, { repository: this.repository });
    for (;;) {
      for (const [stream, entries] of await this.reader.xread('BLOCK', 0, 'STREAMS', ...Object.keys(this.last), ...Object.values(this.last))) {
        for (const [id, list] of entries) {
          this.last[stream] = id;
          const { correlationid, data } = fieldsOf(list);
          if (correlationid !== cascadeId) continue;
          if (stream === redisKeys.stream(docsIndexFailed.type)) throw new Error(data);
          return { ms: performance.now() - begin, ...JSON.parse(data) };
        }
      }
    }
  }

  async close() {
    this.reader.disconnect();
    await Promise.all([this.commands.close(), this.publisher.close()]);
  }
}

function report({ runs, unchanged, first, print }) {
  const lost = runs.filter(({ isFound }) => !isFound).length;
  const row = (title, values) => [title, ...[0.5, 0.95, 1].map((share) => percentile(values, share).toFixed(1))];
  print(`\n${table([
    [`from an event to answerable, ${first.files} files, ${first.functions} functions`, 'p50 ms', 'p95 ms', 'worst ms'],
    row(`one changed file, ${runs.length} commits`, runs.map(({ ms }) => ms)),
    row('  CPU of both services for it', runs.map(({ cpu }) => cpu)),
    row('nothing changed', unchanged),
  ])}\n${lost === 0 ? 'each was found afterwards' : `${lost} WERE NOT FOUND afterwards`}; the first index took ${(first.ms / 1000).toFixed(1)} s from its event`);
  const p95 = (values) => rounded(percentile(values, 0.95), 1);
  return { event_one_file_ms: p95(runs.map(({ ms }) => ms)), event_unchanged_ms: p95(unchanged) };
}
