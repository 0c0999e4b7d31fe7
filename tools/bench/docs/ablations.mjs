// What each signal of the search is worth: what is lost without it, over the sets of questions that may be looked at.
import { table } from '../figures.mjs';
import { ours } from './contestants.mjs';
import { placesOf } from './places.mjs';
import { interval } from './quality.mjs';
import { shippedFields, Terms } from './reference.mjs';
import { recallAt5, reciprocalRank } from './statistics.mjs';

const withoutField = (field) => Object.fromEntries(Object.entries(shippedFields).filter(([name]) => name !== field));
const each = (shape) => Object.fromEntries(Object.entries(shippedFields).map(([field, values]) => [field, shape(...values)]));

/** By how the text is cut into terms, because that costs most and is done once for each. */
const ablations = [
  {
    ways: {},
    rankings: {
      '': shippedFields,
      'fields have weights': each((_, ...length) => [1.5, ...length]),
      'fields have lengths': each((weight, usualLength) => [weight, usualLength, 0]),
      ...Object.fromEntries(Object.keys(shippedFields).filter((field) => field !== 'name').map((field) => [`field ${field}`, withoutField(field)])),
    },
  },
  { ways: { splits: false }, rankings: { 'identifiers are split': shippedFields } },
  { ways: { wholes: false }, rankings: { 'identifiers are kept whole too': shippedFields } },
  { ways: { stems: false }, rankings: { 'words are stemmed': shippedFields } },
];

/** Places by ranking and set. One package's terms are in memory at a time. */
function allPlaces(sets, progress) {
  const places = new Map(ablations.flatMap(({ rankings }) => Object.keys(rankings).map((title) => [title, sets.map(() => [])])));
  for (const { ways, rankings } of ablations) {
    progress(`what signals are worth: ${Object.keys(rankings).length} rankings`);
    for (const [at, { packages, questions }] of sets.entries()) {
      const asked = Map.groupBy(questions, ({ repository }) => repository);
      for (const one of packages.filter(({ name }) => asked.has(name))) {
        const terms = new Terms(one.documents, ways);
        for (const [title, fields] of Object.entries(rankings)) {
          const found = placesOf(() => (question, limit) => terms.search(fields, question, limit), [one], asked.get(one.name));
          for (const [number, question] of asked.get(one.name).entries()) places.get(title)[at][questions.indexOf(question)] = found[number];
        }
      }
    }
  }
  return places;
}

export function signalTable({ sets, progress }) {
  const looked = sets.filter(({ name }) => name !== 'final');
  const { '': whole, ...rest } = Object.fromEntries(allPlaces(looked, progress));
  const same = looked.every(({ packages, questions }, at) => placesOf(ours, packages, questions).every((place, one) => place === whole[at][one]));
  const rows = Object.entries(rest).map(([title, without]) => [
    title, ...looked.map((_, at) => interval(whole[at].map(recallAt5), without[at].map(recallAt5))),
    ...[recallAt5, reciprocalRank].map((measure) => interval(whole.flat().map(measure), without.flat().map(measure))),
  ]);
  return `${table([['what the signal adds', ...looked.map(({ name }) => `recall@5, ${name}`), 'recall@5, all', 'MRR, all'], ...rows])}\n`
    + `The ranking that is taken apart here is ${same ? 'the shipped one: every answer is in the same place.' : 'NOT the shipped one: answers are in other places.'}`;
}
