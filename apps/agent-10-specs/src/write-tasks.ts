import type { Run, SpecTask } from '@cascade/contracts';
import { fileSections } from '@cascade/llm';
import { renderContract, renderDataModel, renderResearch } from '@cascade/spec-kit';
import type { FeatureFacts, ParsedDocuments } from './assemble-documents.js';
import { assembleTasks, taskProblems } from './assemble-tasks.js';
import { conventionsText, storiesText } from './prompt-texts.js';
import { pathsText, type RepositoryMaterial } from './repository-material.js';
import { testNames } from './test-file-names.js';
import type { SpecModel } from './write-specification.js';

/** A list with many rules: one correction more than usual is worth its tokens. */
const MAX_REPAIRS = 3;

/** The tasks of all stories, by one model call whose answer holds to every rule of `validateTasks`. */
export async function writeTasks(facts: FeatureFacts, documents: ParsedDocuments, material: RepositoryMaterial, model: SpecModel, run: Run): Promise<SpecTask[]> {
  const names = testNames(facts.project.testPlan);
  const context = { stories: facts.stories, existingPaths: material.paths, testKind: names.kindOf };
  const answer = await model.call(run, 'specs/tasks', 'WriteTasks', [
    storiesText(facts.stories), designText(documents), conventionsText(facts.project.testPlan), names.text, pathsText(material.paths), fileSections(material.files, material.elsewhere),
  ], { validate: (list) => taskProblems(list, context), maxRepairs: MAX_REPAIRS });
  return assembleTasks(answer);
}

/** What the planner sees of the specification: the requirements by number, then all that says how. No dates. */
function designText(documents: ParsedDocuments): string {
  const { plan, specification } = documents;
  return [
    ['Requirements:', ...specification.requirements.map((item) => `- ${item.id}: ${item.text}`)].join('\n'),
    ['Edge cases:', ...specification.edgeCases.map((text) => `- ${text}`)].join('\n'),
    ['Plan:', plan.summary, plan.structureDecision, `Constraints: ${plan.context.constraints}`].join('\n'),
    renderResearch(documents.research).trim(),
    ...(documents.dataModel === undefined ? [] : [renderDataModel(documents.dataModel).trim()]),
    ...documents.contracts.map((contract) => renderContract(contract).trim()),
  ].join('\n\n');
}
