// What each signal of the search is worth: what is lost without it, over the sets of questions that may be looked at.
import { table } from '../figures.mjs';
import { ours } from './contestants.mjs';
import { placesOf } from './places.mjs';
import { interval } from './quality.mjs';
import { shippedFields, shippedSignals, Terms } from './reference.mjs';
import { recallAt5, reciprocalRank } from './statistics.mjs';

const withoutField = (field) => Object.fromEntries(Object.entries(shippedFields).filter(([name]) => name !== field));
const each = (shape) => Object.fromEntries(Object.entries(shippedFields).map(([field, values]) => [field, shape(...values)]));

const all = { fields: shippedFields, signals: shippedSignals };
const withFields = (fields) => ({ ...all, fields });

/** By how the text is cut into terms, because that costs most and is done once for each. */
const ablations = [
  {
    ways: {},
    rankings: {
      '': all,
      'what has more of the question is first': { ...all, signals: { ...shippedSignals, coverage: 0 } },
      'other forms of a word are found': { ...all, signals: { ...shippedSignals, forms: 0 } },
      'fields have weights': withFields(each((_, ...length) => [1.5, ...length])),
      'fields have lengths': withFields(each((weight, usualLength) => [weight, usualLength, 0])),
      ...Object.fromEntries(Object.keys(shippedFields).filter((field) => field !== 'name').map((field) => [`field ${field}`, withFields(withoutField(field))])),
    },
  },
  { ways: { splits: false }, rankings: { 'identifiers are split': all } },
  { ways: { wholes: false }, rankings: { 'identifiers are kept whole too': all } },
  { ways: { stems: false }, rankings: { 'words are stemmed': all } },
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
        for (const [title, { fields, signals }] of Object.entries(rankings)) {
          const found = placesOf(() => (question, limit) => terms.search(fields, question, limit, signals), [one], asked.get(one.name));
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
  const groups = { written: looked.flatMap(({ name }, at) => (name === 'tune' || name === 'seen' ? [at] : [])), ...Object.fromEntries(looked.flatMap(({ name }, at) => (name === 'automatic' || name === 'names' ? [[name, [at]]] : []))), all: looked.map((_, at) => at) };
  const adds = (without, sets, measure) => interval(...[whole, without].map((places) => sets.flatMap((at) => places[at].map(measure))));
  const rows = Object.entries(rest).map(([title, without]) => [title, ...Object.values(groups).flatMap((sets) => [recallAt5, reciprocalRank].map((measure) => adds(without, sets, measure)))]);
  return `${table([['what the signal adds', ...Object.keys(groups).flatMap((name) => [`recall@5, ${name}`, `MRR, ${name}`])], ...rows])}\n`
    + `The ranking that is taken apart here is ${same ? 'the shipped one: every answer is in the same place.' : 'NOT the shipped one: answers are in other places.'}`;
}
