import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { root, say, SetupError } from './commands.mjs';
import { runCascade } from './cascade.mjs';
import { githubStandIn } from './demo-github.mjs';

const sample = path.join(root, 'examples/price-list');

/** `npm run demo [-- --github] [-- --record <folder>]`: one cascade on a fresh copy of the sample repository. */
export async function demo(args) {
  const live = [process.env.OPENAI_API_KEY, process.env.OPENAI_BASE_URL].some(Boolean);
  const { github, record } = readArguments(args);
  chooseModel(live, record);
  const folder = mkdtempSync(path.join(os.tmpdir(), 'cascade-demo-'));
  chmodSync(folder, 0o755); // the sandbox's own user reads workspaces below it
  const repository = path.join(folder, 'price-list');
  cpSync(path.join(sample, 'repository'), repository, { recursive: true });
  commitAll(repository);
  process.env.CASCADE_HOME = path.join(folder, 'state');
  process.env.CASCADE_WORKSPACES = path.join(folder, 'workspaces');
  const request = readFileSync(path.join(sample, 'request.txt'), 'utf8').trim();
  if (github) {
    await onGitHub(request, repository, folder);
    return;
  }
  say(`Sample repository: ${repository}\n`);
  await runCascade(['run', request, '--repo', repository]);
  say(process.exitCode ? `\nThe demo did not end well; everything about it is in ${folder}` : goodbye(folder, repository));
}

function readArguments(args) {
  try {
    const { values } = parseArgs({ args, options: { github: { type: 'boolean', default: false }, record: { type: 'string' } } });
    return { github: values.github, record: values.record === undefined ? undefined : path.resolve(values.record) };
  } catch {
    throw new SetupError('npm run demo [-- --github] [-- --record <folder>]', 2);
  }
}

/** The same cascade on a repository of a stand-in for GitHub, with issues, a person's comment and a pull request. */
async function onGitHub(request, repository, folder) {
  const github = await githubStandIn(repository);
  try {
    say(`Sample repository: ${github.url}, on a stand-in for GitHub that runs here\n`);
    const steered = github.steer();
    await runCascade(['run', request, '--repo', github.url]);
    await github.show();
    await steered;
  } finally {
    await github.stop();
  }
  if (!process.exitCode) rmSync(folder, { recursive: true, force: true });
}

/** A configured live model wins; else the answers of a recorded run are replayed. */
function chooseModel(live, record) {
  if (live) {
    if (record !== undefined) process.env.CASCADE_LLM_RECORD = record;
    return;
  }
  if (record !== undefined) throw new SetupError('Recording needs a live model: set OPENAI_API_KEY or OPENAI_BASE_URL, and CASCADE_MODEL.', 2);
  const recording = process.env.CASCADE_LLM_REPLAY || path.join(sample, 'recording');
  if (!existsSync(recording)) throw new SetupError(`There is no recording in ${recording}. Set OPENAI_API_KEY or OPENAI_BASE_URL, and CASCADE_MODEL, to run the demo with a live model.`, 2);
  process.env.CASCADE_LLM_REPLAY = recording;
  say('The model\'s answers are replayed from a recording of a real run; everything else really happens. For a live model, set OPENAI_API_KEY or OPENAI_BASE_URL, and CASCADE_MODEL.');
}

/** One commit with a fixed author and date, and without the settings of this machine's user: the same hash everywhere. */
function commitAll(repository) {
  const person = { NAME: 'Price List', EMAIL: 'price-list@example.com', DATE: '2026-01-05T09:00:00Z' };
  const names = Object.entries(person).flatMap(([name, value]) => [[`GIT_AUTHOR_${name}`, value], [`GIT_COMMITTER_${name}`, value]]);
  const env = { PATH: process.env.PATH, HOME: repository, GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null', ...Object.fromEntries(names) };
  const git = (...args) => execFileSync('git', ['-c', 'core.autocrlf=false', ...args], { cwd: repository, env, stdio: ['ignore', 'ignore', 'pipe'] });
  git('init', '--quiet');
  git('symbolic-ref', 'HEAD', 'refs/heads/main');
  git('add', '--all');
  git('commit', '--quiet', '--no-verify', '-m', 'Orders and receipts in whole cents');
}

/** Says how to look at the result; what the demo needed beside the repository goes. */
function goodbye(folder, repository) {
  for (const name of ['state', 'workspaces']) rmSync(path.join(folder, name), { recursive: true, force: true });
  const branch = execFileSync('git', ['-C', repository, 'for-each-ref', '--format=%(refname:short)', 'refs/heads/cascade/'], { encoding: 'utf8' }).trim().split('\n')[0];
  return `
The result is kept in ${repository}
  git -C ${repository} log --stat main..${branch}     what was committed
  git -C ${repository} switch ${branch} && npm --prefix ${repository} test     try it
  rm -r ${folder}     throw it away`;
}
