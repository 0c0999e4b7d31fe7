const DEPTH = 50;

/** Where each question's first right answer stands among the answers (from 0; -1 for none): per package one index is made. */
export function placesOf(contestant, packages, questions) {
  const searches = new Map();
  const searchIn = (repository) => {
    if (!searches.has(repository)) searches.set(repository, contestant(packages.find(({ name }) => name === repository).documents, repository));
    return searches.get(repository);
  };
  return questions.map(({ repository, question, answers }) => searchIn(repository)(question, DEPTH).findIndex((answer) => answers.includes(answer)));
}
