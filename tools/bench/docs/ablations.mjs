// What each signal of the search is worth: what is lost without it, over all sets of questions that may be looked at.
import { table } from '../figures.mjs';
import { ours } from './contestants.mjs';
import { placesOf } from './places.mjs';
import { interval } from './quality.mjs';
import { Reference, shipped } from './reference.mjs';
import { recallAt5, reciprocalRank } from './statistics.mjs';

const withWeights = (weights) => ({ weights: { ...shipped.weights, ...weights } });
const withoutField = (field) => ({ weights: Object.fromEntries(Object.entries(shipped.weights).filter(([name]) => name !== field)) });

const ablations = {
  'identifiers are split': { splits: false },
  'identifiers are kept whole too': { wholes: false },
  'words are stemmed': { stems: false },
  'stop words are passed over in questions': { questionStops: false },
  'names weigh more': withWeights({ name: 1 }),
  ...Object.fromEntries(Object.keys(shipped.weights).filter((field) => field !== 'name').map((field) => [`field ${field}`, withoutField(field)])),
};

export function signalTable({ sets, progress }) {
  const looked = sets.filter(({ name }) => name !== 'final');
  const places = (options) => looked.map(({ packages, questions }) => placesOf((documents) => {
    const reference = new Reference(documents, options);
    return (question, limit) => reference.search(question, limit);
  }, packages, questions));
  const whole = places({});
  const same = looked.every(({ packages, questions }, at) => placesOf(ours, packages, questions).every((place, one) => place === whole[at][one]));
  const rows = Object.entries(ablations).map(([title, options]) => {
    progress(`without: ${title}`);
    const without = places(options);
    return [title, ...looked.map((_, at) => interval(whole[at].map(recallAt5), without[at].map(recallAt5))), interval(whole.flat().map(recallAt5), without.flat().map(recallAt5)), interval(whole.flat().map(reciprocalRank), without.flat().map(reciprocalRank))];
  });
  return `${table([['what the signal adds', ...looked.map(({ name }) => `recall@5, ${name}`), 'recall@5, all', 'MRR, all'], ...rows])}\n`
    + `The ranking that is taken apart here is ${same ? 'the shipped one: every answer is in the same place.' : 'NOT the shipped one: answers are in other places.'}`;
}
