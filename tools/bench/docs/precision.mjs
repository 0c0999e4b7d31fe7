// How often the edges between functions are right: a sample of each language's, judged by that language's compiler (by jedi
// for Python). There is none for Rust: a person read the edges, and precision/judged.json has the verdicts.
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { ScopeGraph } from '@cascade/docs-graph';
import { table } from '../figures.mjs';
import { sample, seeded } from './statistics.mjs';

const SAMPLE = 200;
const SEED = 33;
const TIMEOUT_MS = 300_000;
const JEDI = 'jedi==0.19.2';
const here = (name) => fileURLToPath(new URL(`precision/${name}`, import.meta.url));
const judged = JSON.parse(readFileSync(here('judged.json'), 'utf8'));

const judges = {
  typescript: (folder) => [process.execPath, here('typescript.mjs'), folder],
  javascript: (folder) => [process.execPath, here('typescript.mjs'), folder],
  python: (folder, { python }) => [python, here('python.py'), folder],
  go: (folder, { package: name }) => ['go', 'run', here('go.go'), folder, name],
  java: (folder) => ['java', here('Calls.java'), folder],
};

/** The table, and the share of right ones among the `call` edges per language. */
export async function precision({ packages, cache, print, progress }) {
  const python = await pythonWithJedi(cache);
  const groups = Map.groupBy(packages.flatMap(edgesOf), ({ language, confidence }) => `${language} ${confidence}`);
  const random = seeded(SEED);
  const rows = [];
  const ratios = {};
  for (const [group, all] of [...groups].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const [language] = group.split(' ');
    const edges = judges[language] === undefined ? all.filter(({ id }) => judged[id] !== undefined) : sample(all, SAMPLE, random);
    progress(`precision: ${group}`);
    for (const [repository, ones] of Map.groupBy(edges, (edge) => edge.repository)) await judge(ones, { ...packages.find(({ name }) => name === repository), python });
    const [right, wrong, overload, unknown] = ['right', 'wrong', 'overload', 'unknown'].map((verdict) => edges.filter((edge) => edge.verdict === verdict).length);
    const share = right / (right + wrong + overload);
    rows.push([group, all.length, edges.length, right, wrong, overload, unknown, share.toFixed(3)].map(String));
    if (group.endsWith('call') && right > 0) ratios[`precision_${language}`] = Number(share.toFixed(3));
  }
  print(`\n${table([['edges between functions', 'all', 'judged', 'right', 'wrong', 'other overload', 'undecided', 'precision'], ...rows])}`);
  return ratios;
}

/** The edges between functions of a package, as its graph has them. */
function edgesOf({ name: repository, files }) {
  const slices = [...new ScopeGraph({ repository, branch: 'main' }, files.map((facts) => ({ path: facts.path, blob: '', facts }))).slices()];
  const nodes = new Map(slices.flatMap((slice) => slice.nodes.map((node) => [node.id, node])));
  const languages = new Map(files.map(({ path: file, language }) => [file, language === 'tsx' ? 'typescript' : language]));
  const named = Map.groupBy(nodes.values(), ({ file_path: file, name }) => `${file}#${name}`);
  const placed = (id) => id.slice(id.indexOf(':') + 1);
  return slices.flatMap(({ edges }) => edges).filter(({ table, fromTable }) => (table === 'DEPENDS_ON' || table === 'TESTS') && fromTable === 'Function').map(({ from, to, line, dependency_type: confidence }) => {
    const target = nodes.get(to);
    const file = nodes.get(from).file_path;
    return {
      id: `${repository} ${placed(from)} -> ${placed(to)}`, repository, language: languages.get(file), confidence, path: file, line, name: target.short_name,
      to: placeOf(target), overloads: named.get(`${target.file_path}#${target.name}`).filter((node) => node !== target).map(placeOf),
    };
  });
}

const placeOf = ({ file_path: file, start_line: startLine, end_line: endLine }) => ({ path: file, startLine, endLine });

/** Gives each edge its verdict; `unknown` to all when the language's judge cannot be run. */
async function judge(edges, one) {
  const verdicts = judges[edges[0].language] === undefined ? edges.map(({ id }) => ({ verdict: judged[id] })) : await ask(edges, one).catch(() => edges.map(() => ({ verdict: 'unknown' })));
  edges.forEach((edge, at) => { edge.verdict = isOverload(edge, verdicts[at]) ? 'overload' : verdicts[at].verdict; });
}

/** The name is right, another definition of it is meant. */
function isOverload({ to, overloads }, { verdict, meant = [] }) {
  return verdict === 'wrong' && meant.some((place) => {
    const [, file, line] = /^(.*?):(\d+)/.exec(place) ?? [];
    return file === to.path && overloads.some(({ startLine, endLine }) => Number(line) >= startLine - 3 && Number(line) <= endLine);
  });
}

async function ask(edges, one) {
  const [program, ...args] = judges[edges[0].language](one.folder, one);
  if (edges[0].language !== 'java') return JSON.parse(await answer(program, args, JSON.stringify(edges)));
  const lines = edges.map(({ path: file, line, name, to }) => [file, line, name, to.path, to.startLine, to.endLine].join('\t'));
  return (await answer(program, args, lines.join('\n'))).trim().split('\n').map((line) => {
    const [verdict, meant = ''] = line.split('\t');
    return { verdict, meant: meant.split(' ') };
  });
}

function answer(program, args, input) {
  return new Promise((resolve, reject) => {
    const child = execFile(program, args, { timeout: TIMEOUT_MS, maxBuffer: 1 << 26, env: { ...process.env, GOFLAGS: '', GO111MODULE: 'off' } }, (error, stdout) => (error ? reject(error) : resolve(stdout)));
    child.stdin.on('error', () => undefined).end(input);
  });
}

/** A program that is not there when Python or jedi cannot be had. */
async function pythonWithJedi(cache) {
  const folder = path.join(cache, 'python');
  const python = path.join(folder, 'bin/python');
  if (existsSync(python)) return python;
  const run = promisify(execFile);
  await run('python3', ['-m', 'venv', folder]).then(() => run(python, ['-m', 'pip', 'install', '--quiet', JEDI], { timeout: TIMEOUT_MS })).catch(() => undefined);
  return python;
}
