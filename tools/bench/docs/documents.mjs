// The texts that every contestant searches: one per function, class, struct … that is no test.

/** A definition has one name in the answers, whatever the overload. */
export const answerId = (path, qualifiedName) => `${path}#${qualifiedName}`;

/** `{ id, answer, line, name, parent, docs, body, path }` for each definition of a package; `id` is its own. */
export function documentsOf({ files }) {
  return files.filter(({ status }) => status === 'source').flatMap(({ path, functions, classes }) => [
    ...functions.filter(({ isTest }) => !isTest).map((one) => document(path, one, one.words)),
    ...classes.map((one) => document(path, one, one.fields.map(({ name }) => name).join(' '))),
  ]);
}

const document = (path, { key, qualifiedName, name, doc, startLine }, body) =>
  ({ id: `${path}#${key}`, answer: answerId(path, qualifiedName), line: startLine, name, parent: qualifiedName.slice(0, -name.length), docs: doc, body, path });
