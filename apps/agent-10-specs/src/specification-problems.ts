import type { SpSpecification } from '@cascade/llm';
import { describeFinding, featureFolder, finding, MAX_CLARIFICATIONS, validateSpecification, type Finding } from '@cascade/spec-kit';
import { assembleDocuments, type AnsweredQuestion, type FeatureFacts, type ParsedDocuments } from './assemble-documents.js';

/** The documents' schema: everything but tasks and checklist, which come later. */
export const documentsSchema = featureFolder.omit({ tasks: true, checklist: true });

/** What is wrong with a specification answer, as lines for the model; none means that it can be rendered. */
export function specificationProblems(answer: SpSpecification, facts: FeatureFacts, answers: readonly AnsweredQuestion[], repositoryPaths: ReadonlySet<string>): string[] {
  const own = [...checkStories(answer, facts), ...checkQuestions(answer, answers), ...checkSources(answer, facts, repositoryPaths), ...checkNames(answer)];
  const parsed = documentsSchema.safeParse(assembleDocuments(answer, facts, answers, true));
  const rules = parsed.success
    ? validateSpecification(parsed.data.specification, facts.epic, facts.stories)
    : parsed.error.issues.map((issue) => finding('SPEC_SHAPE', issue.message, issue.path.join('.')));
  return [...own, ...rules].map(describeFinding);
}

/** The documents of an answer that has no problems. */
export function documentsOf(answer: SpSpecification, facts: FeatureFacts, answers: readonly AnsweredQuestion[]): ParsedDocuments {
  return documentsSchema.parse(assembleDocuments(answer, facts, answers));
}

function checkStories(answer: SpSpecification, facts: FeatureFacts): Finding[] {
  const written = answer.stories.map((story) => story.storyId).join(', ');
  const wanted = facts.stories.map((story) => story.id).join(', ');
  const tried = new Set(answer.scenarios.map((item) => item.storyId));
  return [
    ...(written === wanted ? [] : [finding('SPEC_STORIES', `has entries for ${written || 'nothing'}; one per story is needed, in this order: ${wanted}`, 'stories')]),
    ...facts.stories.filter((story) => !tried.has(story.id)).map((story) => finding('SPEC_SCENARIO_MISSING', `has no entry for story ${story.id}`, 'scenarios')),
    ...[...tried].filter((id) => !facts.stories.some((story) => story.id === id)).map((id) => finding('SPEC_SCENARIO_UNKNOWN', `names story ${id}, which does not exist`, 'scenarios')),
  ];
}

function checkQuestions(answer: SpSpecification, answers: readonly AnsweredQuestion[]): Finding[] {
  const { clarifications } = answer;
  if (answers.length > 0 && clarifications.length > 0) return [finding('SPEC_CLARIFICATIONS', 'must be empty: the questions have been answered', 'clarifications')];
  const targets = clarifications.map((item) => item.requirement);
  return [
    ...(clarifications.length > MAX_CLARIFICATIONS ? [finding('SPEC_CLARIFICATIONS', `has ${clarifications.length} questions; at most ${MAX_CLARIFICATIONS} are allowed, assume the rest`, 'clarifications')] : []),
    ...(new Set(targets).size < targets.length ? [finding('SPEC_CLARIFICATIONS', 'asks two questions about one requirement; join them or split the requirement', 'clarifications')] : []),
    ...targets.filter((target) => answer.requirements[target - 1] === undefined).map((target) => finding('SPEC_CLARIFICATIONS', `names entry ${target} of requirements, which does not exist`, 'clarifications')),
  ];
}

function checkSources(answer: SpSpecification, facts: FeatureFacts, paths: ReadonlySet<string>): Finding[] {
  const known = (source: string): boolean => /^(?:the )?request\b/i.test(source) || paths.has(source) || paths.has(source.split(/[#\s(:]/)[0] ?? '')
    || facts.stories.some((story) => source.toLowerCase().startsWith(`story ${story.id}`));
  const cited = (sources: string): boolean => sources.split(/[,;] /).map((source) => source.trim()).some(known);
  return answer.decisions.filter((item) => !cited(item.source))
    .map((item) => finding('SPEC_SOURCE', `the source of "${item.topic}" is "${item.source}"; it must be a path of the repository, "request", or "story E.S"`, 'decisions'));
}

function checkNames(answer: SpSpecification): Finding[] {
  const twice = (names: readonly string[]): string[] => names.filter((name, index) => names.indexOf(name) !== index);
  return [
    ...twice(answer.contracts.map((item) => item.slug)).map((slug) => finding('SPEC_CONTRACT_TWICE', `uses the slug ${slug} twice`, 'contracts')),
    ...twice(answer.entities.map((item) => item.name)).map((name) => finding('SPEC_ENTITY_TWICE', `has ${name} twice`, 'entities')),
  ];
}
