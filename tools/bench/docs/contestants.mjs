// Who searches. Each gets a package's documents and answers a question with names, best first.
import MiniSearch from 'minisearch';
import { SearchIndex } from '@cascade/docs-graph';

const FIELDS = ['name', 'parent', 'docs', 'body', 'path'];

export function ours(documents) {
  const index = new SearchIndex();
  const answers = new Map();
  for (const { id, answer, name, parent, docs, body, path } of documents) {
    index.upsert(id, { name, parent, docs, body, path });
    answers.set(id, answer);
  }
  return (question, limit) => index.search(question, limit).map(({ id }) => answers.get(id));
}

/** What a person does without an index: the definitions in whose text most of the question's words stand, in the order of the files. */
export function substring(documents) {
  const texts = documents.map((document) => ({ answer: document.answer, text: FIELDS.map((field) => document[field]).join('\n').toLowerCase() }));
  return (question, limit) => {
    const words = [...new Set(question.toLowerCase().match(/[\p{L}\p{N}_]{3,}/gu) ?? [])];
    return texts.map(({ answer, text }) => ({ answer, found: words.filter((word) => text.includes(word)).length }))
      .filter(({ found }) => found > 0).sort((a, b) => b.found - a.found).slice(0, limit).map(({ answer }) => answer);
  };
}

const miniSearch = (searchOptions) => (documents) => {
  const index = new MiniSearch({ fields: FIELDS, storeFields: ['answer'], searchOptions });
  index.addAll(documents);
  return (question, limit) => index.search(question).slice(0, limit).map(({ answer }) => answer);
};

/** As its README begins, and with what it offers for this: our weights for the fields, beginnings of words, typing errors. */
export const miniSearchPlain = miniSearch({});
export const miniSearchTuned = miniSearch({ boost: { name: 3 }, prefix: (term) => term.length > 3, fuzzy: 0.15 });
