// The two tools of the field that index source trees, installed beside the corpus when npm has them; without their install
// scripts, with their telemetry off, each on a copy of its own, because they write into the tree. One of them needs an addon
// that is compiled here, against the headers of a Node on the PATH that brings them, which then runs the tool.
import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, realpathSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const INSTALL_TIMEOUT_MS = 180_000;
const BUILD_TIMEOUT_MS = 900_000;
const COMPILE_TIMEOUT_MS = 600_000;

const tools = {
  colby: { title: '@colbymchenry/codegraph', version: '1.6.1', program: 'node_modules/@colbymchenry/codegraph/npm-shim.js', arguments: ['init', '.'] },
  optave: { title: '@optave/codegraph', version: '3.11.2', program: 'node_modules/@optave/codegraph/dist/cli.js', arguments: ['build', '.'], addon: 'better-sqlite3' },
};

/** The tools that could be installed, and a line for each that could not. */
export async function installCodegraphs(cache, progress) {
  const [present, missing] = [{}, []];
  for (const [name, tool] of Object.entries(tools)) {
    const home = path.join(cache, 'tools', name);
    try {
      if (!existsSync(path.join(home, tool.program))) {
        progress(`installing ${tool.title} ${tool.version}`);
        mkdirSync(home, { recursive: true });
        await run('npm', ['install', '--prefix', home, '--ignore-scripts', '--no-audit', '--no-fund', '--save-exact', `${tool.title}@${tool.version}`], { timeout: INSTALL_TIMEOUT_MS });
      }
      present[name] = { ...tool, home, node: tool.addon === undefined ? process.execPath : await compiled(tool, home, progress) };
    } catch (error) {
      missing.push(`${tool.title}: left out (${String(error.stderr || error.message).trim().split('\n')[0].slice(0, 120)})`);
    }
  }
  return { present, missing };
}

/** Compiles the tool's addon; gives the Node that it is for. */
async function compiled({ title, addon }, home, progress) {
  const node = nodes().find((one) => existsSync(path.join(prefixOf(one), 'include/node/node.h')));
  if (node === undefined) throw new Error(`its addon ${addon} needs a compiler and a Node on the PATH with its headers`);
  if (!existsSync(path.join(home, 'node_modules', addon, 'build/Release'))) {
    progress(`compiling ${addon} for ${title}`);
    const env = { ...process.env, PATH: `${path.dirname(node)}${path.delimiter}${process.env.PATH}`, npm_config_nodedir: prefixOf(node) };
    await run('npm', ['rebuild', '--prefix', home, addon], { env, timeout: COMPILE_TIMEOUT_MS, maxBuffer: 1 << 26 });
  }
  return node;
}

const nodes = () => (process.env.PATH ?? '').split(path.delimiter).map((folder) => path.join(folder, 'node')).filter(existsSync).map((file) => realpathSync(file));
const prefixOf = (node) => path.dirname(path.dirname(node));

/** Builds the tool's index of a copy of the tree, made anew; gives the copy and how long the building alone took. */
export async function buildIndex(cache, name, tool, tree) {
  const copy = path.join(cache, 'trees', name);
  rmSync(copy, { recursive: true, force: true });
  cpSync(tree, copy, { recursive: true, verbatimSymlinks: true });
  await run('git', ['init', '--quiet', copy]); // they ask git which files there are
  const began = performance.now();
  await run(tool.node, [path.join(tool.home, tool.program), ...tool.arguments], { cwd: copy, timeout: BUILD_TIMEOUT_MS, maxBuffer: 1 << 28, env: { ...process.env, CODEGRAPH_TELEMETRY: '0' } });
  return { copy, seconds: (performance.now() - began) / 1000 };
}

/**
 * A contestant (see contestants.mjs) that asks the tool's own symbol search, over the whole tree, and keeps what lies in the
 * package. It has indexed the sources themselves, so an automatic question's sentence is still there for it.
 */
export function codegraphSearch(tool, copy) {
  process.env.CODEGRAPH_TELEMETRY = '0';
  const { CodeGraph } = createRequire(path.join(tool.home, 'package.json'))('@colbymchenry/codegraph');
  const graph = CodeGraph.openSync(copy, { readOnly: true });
  return {
    close: () => graph.close(),
    contestant: (documents, repository) => {
      const byFile = Map.groupBy(documents, ({ path: file }) => `${repository}/${file}`);
      return (question, limit) => graph.searchNodes(question, { limit: 1_000 })
        .map(({ node }) => sameDefinition(byFile.get(node.filePath), node)).filter((answer) => answer !== undefined).slice(0, limit);
    },
  };
}

/** The definition of this name that begins nearest: a decorator or `export` before it may count or not. */
function sameDefinition(documents = [], { name, startLine }) {
  const named = documents.filter((document) => document.name === name);
  return named.sort((a, b) => Math.abs(a.line - startLine) - Math.abs(b.line - startLine))[0]?.answer;
}
