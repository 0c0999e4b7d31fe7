// How good the answers of the search are, beside what else could be asked, on the same texts.
import { table } from '../figures.mjs';
import { codegraphSearch } from './codegraph.mjs';
import { miniSearchPlain, miniSearchTuned, ours, substring } from './contestants.mjs';
import { placesOf } from './places.mjs';
import { automaticQuestions, nameQuestions, writtenQuestions } from './questions.mjs';
import { mean, pairedInterval, recallAt5, reciprocalRank } from './statistics.mjs';

const others = {
  substring: { title: 'words of the question as substrings', contestant: substring },
  minisearch: { title: 'minisearch, as its README begins', contestant: miniSearchPlain },
  minisearchTuned: { title: 'minisearch, names weigh 3, prefix and fuzzy', contestant: miniSearchTuned },
};

/** The sets of questions; the final one is not looked at while anything is still being chosen (`--quick`), and may be missing. */
export function questionSets(packages, isQuick) {
  const automatic = automaticQuestions(packages);
  const final = isQuick ? [] : writtenQuestions('final', packages);
  return [
    { name: 'tune', title: 'written, to choose by', packages, questions: writtenQuestions('tune', packages) },
    { name: 'seen', title: 'written, looked at before', packages, questions: writtenQuestions('seen', packages) },
    ...(final.length === 0 ? [] : [{ name: 'final', title: 'written, looked at once', packages, questions: final }]),
    { name: 'automatic', title: 'automatic, last sentences of docstrings', ...automatic },
    { name: 'names', title: 'automatic, words of a name', packages, questions: nameQuestions(packages) },
  ];
}

/** `codegraph` is `{ tool, copy }` when the tool has indexed the tree. */
export function quality({ sets, codegraph, print, progress }) {
  const ratios = {};
  const opened = codegraph === undefined ? undefined : codegraphSearch(codegraph.tool, codegraph.copy);
  const contestants = { ...others, ...(opened === undefined ? {} : { codegraph: { title: `${codegraph.tool.title}, its symbol search`, contestant: opened.contestant } }) };
  for (const set of sets) {
    progress(`search quality: ${set.title}`);
    const own = placesOf(ours, set.packages, set.questions);
    const rows = [[`${set.title} (${set.questions.length})`, 'recall@5', 'MRR', 'recall@5: ours better by', 'MRR: ours better by'], ['Cascade', mean(own.map(recallAt5)).toFixed(3), mean(own.map(reciprocalRank)).toFixed(3), '', '']];
    for (const [name, { title, contestant }] of Object.entries(contestants)) {
      const places = placesOf(contestant, set.packages, set.questions);
      rows.push([title, mean(places.map(recallAt5)).toFixed(3), mean(places.map(reciprocalRank)).toFixed(3), ...[recallAt5, reciprocalRank].map((measure) => interval(own.map(measure), places.map(measure)))]);
      ratios[`${set.name} ${name}`] = mean(own.map(recallAt5)) / mean(places.map(recallAt5));
    }
    ratios[`${set.name} recall5`] = mean(own.map(recallAt5));
    print(`\n${table(rows)}`);
  }
  opened?.close();
  return ratios;
}

/** `+0.031 [+0.008, +0.055]` */
export function interval(ones, references) {
  const { difference, low, high } = pairedInterval(ones, references);
  const signed = (value) => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`;
  return `${signed(difference)} [${signed(low)}, ${signed(high)}]`;
}
