#!/usr/bin/env node
// A stand-in for GitButler's `but`, for tests of the driver. It accepts exactly the command line that 0.22 documents
// (grammar.mjs) and answers in the documented JSON shapes; branches, stacks and commits are real git objects.
// What it cannot show is whether the real program does the same: see docs/gitbutler.md.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse, UsageError } from './grammar.mjs';
import { Project, Refusal } from './project.mjs';

// A file beside the name that it was called by may say another one.
const versionFile = join(dirname(process.argv[1]), 'version');
const version = existsSync(versionFile) ? readFileSync(versionFile, 'utf8') : '0.22.3';

function dataFolder() {
  const folder = process.env.E2E_TEST_APP_DATA_DIR;
  if (!folder) throw new Refusal('the test calls `but` without a data folder of its own');
  if (process.env.NO_BG_TASKS !== '1') throw new Refusal('the test calls `but` with background tasks');
  mkdirSync(folder, { recursive: true });
  return folder;
}

const commands = {
  'config metrics': ({ positional: [state] }) => {
    writeFileSync(join(dataFolder(), 'metrics'), state ?? '');
    return { enabled: state === 'enable' };
  },
  setup: (_call, folder) => {
    if (!existsSync(join(dataFolder(), 'metrics'))) throw new Refusal('the test leaves telemetry on');
    return Project.setUp(folder);
  },
  status: (_call, folder) => Project.open(folder).status(),
  'branch new': ({ positional: [name], options }, folder) => Project.open(folder).newBranch(name, options.above),
  commit: ({ positional, options }, folder) => Project.open(folder).commit(options.branch, (options.message ?? []).join('\n\n'), positional),
  move: ({ positional, options }, folder) => Project.open(folder).move(positional, options.above),
  undo: (_call, folder) => Project.open(folder).undo(),
};

function main(argv) {
  if (argv.length === 1 && argv[0] === '--version') return `but ${version}`;
  const call = parse(argv);
  if (call.help) return call.help;
  dataFolder();
  const folder = call.options['current-dir'] ?? process.cwd();
  const answer = commands[call.command]({ ...call, options: call.options }, folder);
  return call.options.json ? JSON.stringify(answer) : JSON.stringify(answer, undefined, 1);
}

try {
  process.stdout.write(`${main(process.argv.slice(2))}\n`);
} catch (error) {
  process.stderr.write(`${error instanceof UsageError ? `error: ${error.message}\n\nFor more information, try '--help'.` : `Error: ${error.message}`}\n`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
