// `npm run bench -- docs [--quick]`: the documentation graph on public packages in six languages.
import os from 'node:os';
import { fileURLToPath } from 'node:url';
import { signalTable } from './docs/ablations.mjs';
import { buildIndex, installCodegraphs } from './docs/codegraph.mjs';
import { fetchCorpus } from './docs/corpus.mjs';
import { documentsOf } from './docs/documents.mjs';
import { readPackages, sizes } from './docs/facts.mjs';
import { precision } from './docs/precision.mjs';
import { quality, questionSets } from './docs/quality.mjs';
import { speed } from './docs/speed.mjs';
import { rounded, table } from './figures.mjs';

const cache = fileURLToPath(new URL('../../.cache/bench-docs', import.meta.url));

export async function bench({ isQuick, print, progress }) {
  print(`${machine()}\n`);
  const corpus = await fetchCorpus(cache, progress);
  for (const { package: name, version, from, reason } of corpus.missing) print(`Left out: ${name} ${version} (${from}): ${reason}`);
  progress(`reading ${corpus.present.length} packages`);
  const packages = (await readPackages(corpus.present)).map((one) => ({ ...one, documents: documentsOf(one) }));
  print(sizeTable(packages));
  const tools = isQuick ? { present: {}, missing: ['codegraph tools: skipped (--quick)'] } : await installCodegraphs(cache, progress);
  for (const line of tools.missing) print(line);
  const sets = questionSets(packages, isQuick);
  const found = quality({ sets, codegraph: await codegraphOf(tools, corpus.tree, progress), print, progress });
  print(`\n${signalTable({ sets, progress })}`);
  const edges = isQuick ? {} : await precision({ packages, cache, print, progress });
  const speeds = await speed({ cache, tree: corpus.tree, packages, tools: tools.present, isQuick, print, progress });
  print(JSON.stringify({ bench: 'docs', ratios: { ...speeds, ...qualityRatios(found, sets.some(({ name }) => name === 'final') ? 'final' : 'tune'), ...edges } }));
}

async function codegraphOf({ present: { colby } }, tree, progress) {
  if (colby === undefined) return undefined;
  progress(`${colby.title} indexes the tree`);
  return { tool: colby, ...await buildIndex(cache, 'colby', colby, tree) };
}

/** Against minisearch the better of its two settings counts. */
function qualityRatios(found, written) {
  const of = (set) => ({
    substring: rounded(found[`${set} substring`]),
    minisearch: rounded(Math.min(found[`${set} minisearch`], found[`${set} minisearchTuned`])),
    codegraph: found[`${set} codegraph`] === undefined ? undefined : rounded(found[`${set} codegraph`]),
  });
  const [own, automatic] = [of(written), of('automatic')];
  return {
    recall5_vs_substring: own.substring, recall5_vs_minisearch: own.minisearch, recall5_vs_codegraph: own.codegraph,
    recall5_automatic_vs_substring: automatic.substring, recall5_automatic_vs_minisearch: automatic.minisearch, recall5_automatic_vs_codegraph: automatic.codegraph,
    recall5: rounded(found[`${written} recall5`]), recall5_automatic: rounded(found['automatic recall5']),
  };
}

function sizeTable(packages) {
  const languages = sizes(packages);
  const total = (name) => languages.reduce((sum, size) => sum + size[name], 0);
  const columns = ['files', 'lines', 'functions', 'classes', 'calls'];
  return table([
    [`${packages.length} packages`, ...columns],
    ...languages.map((size) => [size.name, ...columns.map((name) => String(size[name]))]),
    ['all', ...columns.map((name) => String(total(name)))],
  ]);
}

function machine() {
  const [cpu] = os.cpus();
  return `${cpu?.model ?? 'unknown CPU'}, ${os.availableParallelism()} cores, load ${os.loadavg()[0].toFixed(1)} at the start; Node ${process.versions.node}`;
}
