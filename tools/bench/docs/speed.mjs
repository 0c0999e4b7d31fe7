// How fast the index is made, changed and asked: against parsing alone and against the field's tools on the same tree.
import { median, percentile, rounded, table } from '../figures.mjs';
import { Subject } from '../subject.mjs';
import { buildIndex } from './codegraph.mjs';
import { fromEvents } from './events.mjs';
import { sample, seeded } from './statistics.mjs';

const full = { rounds: 3, changes: 100, functions: 100_000, only: [] };
/** One package of each language. */
const quick = { rounds: 1, changes: 20, functions: 20_000, only: ['zod', 'undici', 'aiohttp', 'gin', 'ignore', 'gson'] };
const CALLS_PER_FUNCTION = 3;

/** `packages` with their facts, to count lines; `tools` as installCodegraphs gives them. */
export async function speed({ cache, tree, packages, tools, isQuick, print, progress }) {
  const size = isQuick ? quick : full;
  const files = packages.filter(({ name }) => size.only.length === 0 || size.only.includes(name)).flatMap((one) => one.files);
  const lines = files.reduce((sum, file) => sum + (file.lines ?? 0), 0);
  const indexing = await firstIndex({ cache, tree, lines, tools, size, print, progress });
  const events = await fromEvents({ tree, folders: size.only.length === 0 ? packages.map(({ name }) => name) : size.only, changes: size.changes, print, progress });
  const asking = await questions({ size, print, progress });
  return { ...indexing, ...events, ...asking };
}

async function firstIndex({ cache, tree, lines, tools, size, print, progress }) {
  const subject = await Subject.start('docs.mjs', 'indexer', tree, { only: size.only });
  const runs = { parse: [], index: [], ...Object.fromEntries(Object.keys(tools).map((name) => [name, []])) };
  const cpu = [];
  let last;
  for (let round = 0; round <= size.rounds; round += 1) {
    progress(`first index, round ${round} of ${size.rounds}`);
    const parsed = await subject.call('parse');
    if (round === 0) continue; // warms up
    await subject.call('forget');
    last = await subject.call('index');
    cpu.push(parsed.cpuUs / last.cpuUs);
    const took = { parse: parsed.seconds, index: last.seconds };
    // Once: they take minutes, and what separates them from the others is no matter of percents.
    if (round === size.rounds) for (const [name, tool] of Object.entries(tools)) took[name] = (await buildIndex(cache, name, tool, tree)).seconds;
    for (const [name, seconds] of Object.entries(took)) runs[name].push(seconds);
  }
  const ratio = (name) => rounded(median(runs[name].map((seconds, at) => seconds / runs.index[at + runs.index.length - runs[name].length])));
  const titles = { parse: 'parsing alone, same threads', index: 'Cascade: parsed, stored, answerable', ...Object.fromEntries(Object.entries(tools).map(([name, { title }]) => [name, title])) };
  print(`\n${table([
    ['first index of the tree', 'seconds', 'lines/s', 'times Cascade'],
    ...Object.keys(runs).map((name) => [titles[name], median(runs[name]).toFixed(1), String(Math.round(lines / median(runs[name]))), ratio(name).toFixed(2)]),
  ])}`);
  const changed = await changes(subject, tree, size, print, progress);
  print(`memory of the process that indexed ${last.result.functions} functions: ${megabytes(last.result.rss)} MB`);
  await subject.call('close');
  subject.stop();
  return { index_vs_parse: ratio('parse'), index_vs_parse_cpu: rounded(median(cpu)), ...Object.fromEntries(Object.keys(tools).map((name) => [`index_vs_${name}_codegraph`, ratio(name)])), ...changed };
}

async function changes(subject, tree, size, print, progress) {
  progress('one changed file');
  const numbers = sample(Array.from({ length: 100_000 }, (_, at) => at), size.changes, seeded(44));
  const { result } = await subject.call('change', numbers);
  const times = result.map(({ ms }) => ms);
  const lost = result.filter(({ isFound }) => !isFound).length;
  const unchanged = await subject.call('unchanged');
  print(`\n${table([
    ['one changed file, from its bytes to answerable', 'p50 ms', 'p95 ms', 'worst ms'],
    [`${times.length} files, one after the other`, ...[0.5, 0.95, 1].map((share) => percentile(times, share).toFixed(1))],
  ])}\n${lost === 0 ? 'each was found afterwards' : `${lost} WERE NOT FOUND afterwards`}; a tree in which nothing changed, hashed and compared: ${(unchanged.seconds * 1000).toFixed(0)} ms`);
  return { reindex_one_file_ms: rounded(percentile(times, 0.95), 1), reindex_unchanged_ms: rounded(unchanged.seconds * 1000, 0) };
}

async function questions({ size, print, progress }) {
  progress(`questions on ${size.functions} functions`);
  const subject = await Subject.start('docs.mjs', 'questions', '');
  const { result: stats } = await subject.call('load', size.functions, CALLS_PER_FUNCTION);
  const kinds = { lookup: 'describe by id', hops: 'dependencies, three hops', impact: 'impact, six hops', search: 'search, four words' };
  const times = {};
  for (const kind of Object.keys(kinds)) {
    await subject.call('ask', kind); // warms up
    times[kind] = (await subject.call('ask', kind)).result;
  }
  subject.stop();
  print(`\n${table([
    [`${stats.functions} functions, ${Object.values(stats.edges).reduce((sum, count) => sum + count, 0)} edges`, 'p50 ms', 'p99 ms'],
    ...Object.entries(kinds).map(([kind, title]) => [title, percentile(times[kind], 0.5).toFixed(3), percentile(times[kind], 0.99).toFixed(3)]),
  ])}\nmemory of the process: ${megabytes(stats.rss)} MB`);
  return { ...Object.fromEntries(Object.keys(kinds).map((kind) => [`${kind}_p99_ms`, rounded(percentile(times[kind], 0.99), 2)])), memory_mb: Number(megabytes(stats.rss)) };
}

const megabytes = (bytes) => (bytes / 2 ** 20).toFixed(0);
