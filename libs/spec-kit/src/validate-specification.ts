import type { Epic, Story } from '@cascade/contracts';
import { finding, type Finding } from './finding.js';
import { placeholderIn } from './placeholder.js';
import { outcomeId, requirementId, type Specification } from './specification.js';

/** Spec Kit's limit: what is less important than the three gravest questions is assumed and written down. */
export const MAX_CLARIFICATIONS = 3;

/** Words that analyze of Spec Kit takes for ambiguous unless a number stands beside them. */
const vague = /\b(?:fast|quick|quickly|scalable|intuitive|robust|user-friendly|seamless|seamlessly|easy to use|performant|state-of-the-art)\b/i;
/** A path or a file name, but not a product such as Node.js. */
const sourceFile = /(?:^|[\s`'"(])(?!(?:node|next|vue|three|d3)\.js\b)[\w./-]+\.(?:[cm]?[jt]sx?|py|rb|go|rs|java|kt|cs|cpp|php)\b/i;
const measurable = /\d|\b(?:all|any|every|each|both|no|none|never|zero|always|only|same|identical|unchanged|exactly|without)\b/i;

/**
 * The rules of Spec Kit for a specification and its agreement with the epic that it comes from: what and why only, testable
 * requirements, measurable outcomes, each story's acceptance criteria as scenarios of the same numbers, each requirement
 * of the epic covered. Returns findings; none means valid.
 */
export function validateSpecification(spec: Specification, epic: Pick<Epic, 'requirements'>, stories: readonly Pick<Story, 'id' | 'criteria'>[]): Finding[] {
  return [...checkStories(spec, stories), ...checkNumbers(spec), ...checkRequirements(spec), ...checkOutcomes(spec), ...checkCovered(spec, epic), ...checkMarkers(spec)]
    .map((item) => ({ ...item, path: 'spec.md' }));
}

/** One finding per question that is still open: planning starts when there are none. */
export function openQuestions(spec: Specification): Finding[] {
  return spec.requirements.filter((item) => item.clarification !== undefined)
    .map((item) => finding('SPEC_CLARIFICATION_OPEN', `${item.id} waits for an answer: ${item.clarification}`, 'spec.md'));
}

function checkStories(spec: Specification, stories: readonly Pick<Story, 'id' | 'criteria'>[]): Finding[] {
  const written = spec.stories.map((story) => story.storyId).join(', ');
  const wanted = stories.map((story) => story.id).join(', ');
  if (written !== wanted) return [finding('SPEC_STORIES', `has the stories ${written}; expected ${wanted}, in this order`)];
  return stories.flatMap((story, index) => {
    const scenarios = new Set(spec.stories[index]?.scenarios.map((item) => item.id));
    return story.criteria.filter((criterion) => !scenarios.has(criterion.id))
      .map((criterion) => finding('SPEC_CRITERION_WITHOUT_SCENARIO', `acceptance criterion ${criterion.id} of story ${story.id} has no scenario`));
  });
}

function checkNumbers(spec: Specification): Finding[] {
  return [
    ...spec.requirements.filter((item, index) => item.id !== requirementId(index + 1)).map((item) => finding('SPEC_ID_SEQUENCE', `${item.id} is out of sequence`)),
    ...spec.outcomes.filter((item, index) => item.id !== outcomeId(index + 1)).map((item) => finding('SPEC_ID_SEQUENCE', `${item.id} is out of sequence`)),
  ];
}

function checkRequirements(spec: Specification): Finding[] {
  return spec.requirements.flatMap((item) => [
    ...(/\bMUST\b/.test(item.text) ? [] : [finding('SPEC_REQUIREMENT_MUST', `${item.id} must say "System MUST …" or "System MUST NOT …"`)]),
    ...wording(item.id, item.text),
  ]);
}

function checkOutcomes(spec: Specification): Finding[] {
  return spec.outcomes.flatMap((item) => [
    ...(measurable.test(item.text) ? [] : [finding('SPEC_OUTCOME_MEASURABLE', `${item.id} names nothing that can be measured: give a number, or say all / none / same / exactly`)]),
    ...wording(item.id, item.text),
  ]);
}

function wording(id: string, text: string): Finding[] {
  const word = vague.exec(text)?.[0];
  return [
    ...(word === undefined || /\d/.test(text) ? [] : [finding('SPEC_VAGUE', `${id} says "${word}" without a number: say what can be tested`)]),
    ...(sourceFile.test(text) ? [finding('SPEC_IMPLEMENTATION', `${id} names a source file: a specification says what and why; files belong to plan and tasks`)] : []),
  ];
}

function checkCovered(spec: Specification, epic: Pick<Epic, 'requirements'>): Finding[] {
  const known = new Set(epic.requirements.map((item) => item.id));
  const lines = [...spec.requirements, ...spec.outcomes];
  const covered = new Set(lines.flatMap((item) => item.covers));
  return [
    ...epic.requirements.filter((item) => !covered.has(item.id)).map((item) => finding('SPEC_REQUIREMENT_UNCOVERED', `requirement ${item.id} of the epic is covered by no functional requirement and no success criterion`)),
    ...lines.flatMap((item) => item.covers.filter((id) => !known.has(id)).map((id) => finding('SPEC_COVERS_UNKNOWN', `${item.id} covers ${id}, which the epic does not have`))),
  ];
}

function checkMarkers(spec: Specification): Finding[] {
  const open = spec.requirements.filter((item) => item.clarification !== undefined).length;
  const texts = [
    ...spec.stories.flatMap((story) => [story.description, story.why, story.independentTest]), ...spec.edgeCases, ...spec.assumptions,
    ...spec.requirements.map((item) => item.text), ...spec.outcomes.map((item) => item.text), ...spec.entities.flatMap((item) => [item.name, item.description]),
  ];
  return [
    ...(open > MAX_CLARIFICATIONS ? [finding('SPEC_CLARIFICATIONS', `has ${open} open questions; at most ${MAX_CLARIFICATIONS} are allowed, assume the rest`)] : []),
    ...texts.flatMap((text) => {
      const left = placeholderIn(text);
      return left === undefined ? [] : [finding('SPEC_PLACEHOLDER', `a placeholder is left in "${text.slice(0, 100)}": ${left}`)];
    }),
  ];
}
