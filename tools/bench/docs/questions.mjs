import { readFileSync } from 'node:fs';
import { answerId } from './documents.mjs';
import { sample, seeded } from './statistics.mjs';

const AUTOMATIC = 800;
const NAMES = 600;
const SEED = 11;
/** A shorter sentence says nothing ("See below."). */
const LEAST_WORDS = 6;

/** Written by a person who read the function: `tune` to choose by, `final` to look at when everything is chosen. */
export function writtenQuestions(name, packages) {
  const known = new Set(packages.map((one) => one.name));
  return JSON.parse(readFileSync(new URL(`questions-${name}.json`, import.meta.url), 'utf8')).filter(({ repository }) => known.has(repository));
}

/**
 * Questions that nobody wrote: the last sentence of a docstring, which is then taken out of the text that is searched. As
 * many from each language; only docstrings that stand once in their package and have another sentence before. Gives the
 * questions, and the packages' documents without those sentences.
 */
export function automaticQuestions(packages) {
  const random = seeded(SEED);
  const byLanguage = Map.groupBy(packages.flatMap(candidates), ({ language }) => language);
  const share = Math.ceil(AUTOMATIC / byLanguage.size);
  const chosen = [...byLanguage.values()].flatMap((ones) => sample(ones, share, random)).slice(0, AUTOMATIC);
  const shortened = new Map(chosen.map(({ repository, id, docs }) => [`${repository} ${id}`, docs]));
  return {
    questions: chosen,
    packages: packages.map((one) => ({ ...one, documents: one.documents.map((document) => ({ ...document, docs: shortened.get(`${one.name} ${document.id}`) ?? document.docs })) })),
  };
}

function candidates({ name: repository, files, documents }) {
  const times = new Map();
  for (const { docs } of documents) times.set(docs, (times.get(docs) ?? 0) + 1);
  const byId = new Map(documents.map((document) => [document.id, document]));
  return files.filter(({ status }) => status === 'source').flatMap(({ path, language, functions }) => functions.flatMap(({ key, qualifiedName }) => {
    const document = byId.get(`${path}#${key}`);
    const sentences = document === undefined || times.get(document.docs) > 1 ? [] : sentencesOf(document.docs);
    const question = sentences.at(-1);
    if (sentences.length < 2 || question.length > 400) return [];
    return [{ language: language === 'tsx' ? 'typescript' : language, repository, question, answers: [answerId(path, qualifiedName)], id: document.id, docs: sentences.slice(0, -1).join(' ') }];
  }));
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
