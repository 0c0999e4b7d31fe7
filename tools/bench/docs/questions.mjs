import { existsSync, readFileSync } from 'node:fs';
import { answerId } from './documents.mjs';
import { sample, seeded } from './statistics.mjs';

const AUTOMATIC = 800;
const NAMES = 600;
const SEED = 11;
/** A shorter sentence says nothing ("See below."). */
const LEAST_WORDS = 6;
/** Characters. */
const LONGEST = 400;

/**
 * Written by a person who read the function: `tune` and `seen` to choose by, `final` to look at once, when everything is
 * chosen; none where there is no such set. `{ language, repository, question, answers }` each: the name of a package in
 * corpus.json, and the definitions that are right, as answerId names them (`src/a.ts#Class.method`).
 */
export function writtenQuestions(name, packages) {
  const file = new URL(`questions-${name}.json`, import.meta.url);
  const byName = new Map(packages.map((one) => [one.name, one]));
  const questions = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).filter(({ repository }) => byName.has(repository)) : [];
  for (const { repository, question, answers } of questions) {
    if (!byName.get(repository).documents.some(({ answer }) => answers.includes(answer))) throw new RangeError(`questions-${name}.json: ${repository} has none of ${answers.join(', ')} (${question})`);
  }
  return questions;
}

/**
 * Questions that nobody wrote: the last sentence of a docstring. As many from each language; only docstrings that stand
 * once in their package and have another sentence before. Gives the questions, and the packages' documents in which every
 * such docstring, asked for or not, ends before its last sentence: else those that are asked for were the short ones, and
 * a ranking that prefers short texts would seem to be a good one.
 */
export function automaticQuestions(packages) {
  const random = seeded(SEED);
  const byLanguage = Map.groupBy(packages.flatMap(candidates), ({ language }) => language);
  const share = Math.ceil(AUTOMATIC / byLanguage.size);
  const chosen = [...byLanguage.values()].flatMap((ones) => sample(ones, share, random)).slice(0, AUTOMATIC);
  return {
    questions: chosen,
    packages: packages.map((one) => ({ ...one, documents: one.documents.map((document) => ({ ...document, docs: withoutLast(document.docs) })) })),
  };
}

function candidates({ name: repository, files, documents }) {
  const times = new Map();
  for (const { docs } of documents) times.set(docs, (times.get(docs) ?? 0) + 1);
  const byId = new Map(documents.map((document) => [document.id, document]));
  return files.filter(({ status }) => status === 'source').flatMap(({ path, language, functions }) => functions.flatMap(({ key, qualifiedName }) => {
    const document = byId.get(`${path}#${key}`);
    const question = document === undefined || times.get(document.docs) > 1 ? undefined : lastOf(sentencesOf(document.docs));
    return question === undefined ? [] : [{ language: language === 'tsx' ? 'typescript' : language, repository, question, answers: [answerId(path, qualifiedName)] }];
  }));
}

/** The sentence that may be asked for; none where it is the only one, or no sentence any more. */
const lastOf = (sentences) => (sentences.length < 2 || sentences.at(-1).length > LONGEST ? undefined : sentences.at(-1));

function withoutLast(docs) {
  const sentences = sentencesOf(docs);
  return lastOf(sentences) === undefined ? docs : sentences.slice(0, -1).join(' ');
}

/** Prose only: what comes before tags (`@param`, `:param`, `Args:`), sections and examples. */
function sentencesOf(docs) {
  const [prose] = docs.split(/\n\s*(?:[@:#]|Args:|Returns:|Raises:|>>>)|```|\.\. code/);
  return prose.replace(/\s+/g, ' ').trim().split(/(?<=[.!?])\s+/).filter((sentence) => sentence.split(' ').length >= LEAST_WORDS);
}

/**
 * Questions of somebody who remembers a name: its words, with those of the class where the name stands several times in the
 * package. Names of one word that stand alone are left out: whoever searches finds them.
 */
export function nameQuestions(packages) {
  return sample(packages.flatMap(({ name: repository, documents }) => {
    const byName = Map.groupBy(documents, ({ name }) => name);
    return documents.flatMap(({ name, parent, answer }) => {
      const isShared = byName.get(name).length > 1 && parent !== '';
      const words = wordsOf(isShared ? `${parent} ${name}` : name);
      return words.length < 2 ? [] : [{ repository, question: words.join(' '), answers: [answer] }];
    });
  }), NAMES, seeded(SEED));
}

const wordsOf = (name) => (name.match(/\p{Lu}+(?!\p{Ll})|\p{Lu}?[\p{Ll}\p{Lo}]+|\p{N}+/gu) ?? []).map((word) => word.toLowerCase());
