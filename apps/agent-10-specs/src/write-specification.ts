import type { Run } from '@cascade/contracts';
import { fileSections, type Model, type SpSpecification } from '@cascade/llm';
import type { AnsweredQuestion, FeatureFacts, ParsedDocuments } from './assemble-documents.js';
import { conventionsText, epicText, storiesText } from './prompt-texts.js';
import { pathsText, type RepositoryMaterial } from './repository-material.js';
import { documentsOf, specificationProblems } from './specification-problems.js';

/** The one thing that this tier needs of a model. */
export type SpecModel = Pick<Model, 'call'>;

/**
 * One model call, and a second one when people answered its questions. With `assume` the recommended answers are put on
 * record as assumptions and nobody waits.
 */
export async function writeSpecification(facts: FeatureFacts, material: RepositoryMaterial, model: SpecModel, run: Run): Promise<ParsedDocuments> {
  const first = await askModel(1, [], facts, material, model, run);
  if (first.clarifications.length === 0) return documentsOf(first, facts, []);
  if (facts.project.clarifications === 'assume') {
    await run.progress({ kind: 'notice', text: `${first.clarifications.length} open question${first.clarifications.length === 1 ? '' : 's'} settled by assumption, see Assumptions in spec.md` });
    return documentsOf(first, facts, []);
  }
  const answers: AnsweredQuestion[] = [];
  for (const [index, item] of first.clarifications.entries()) {
    const answer = await run.ask(`clarification-${index + 1}`, `${item.question} (Recommended: ${item.recommendation})`);
    answers.push({ question: item.question, answer });
  }
  return documentsOf(await askModel(2, answers, facts, material, model, run), facts, answers);
}

function askModel(round: number, answers: readonly AnsweredQuestion[], facts: FeatureFacts, material: RepositoryMaterial, model: SpecModel, run: Run): Promise<SpSpecification> {
  const paths = new Set(material.paths);
  return model.call(run, `specs/specification-${round}`, 'WriteSpecification', [
    facts.project.request, epicText(facts.epic), storiesText(facts.stories), conventionsText(facts.project.testPlan), material.constitution ?? '(none)',
    answers.map((item) => `Question: ${item.question}\nAnswer: ${item.answer}`).join('\n\n') || '(none)', pathsText(material.paths), fileSections(material.files, material.elsewhere),
  ], { validate: (answer) => specificationProblems(answer, facts, answers, paths) });
}
