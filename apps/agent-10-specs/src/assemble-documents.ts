import type { Epic, Project, Story } from '@cascade/contracts';
import type { SpSpecification } from '@cascade/llm';
import { outcomeId, requirementId, type FeatureFolder, type FeatureFolderInput } from '@cascade/spec-kit';
import { testingText } from './prompt-texts.js';

/** What all documents of one feature share. */
export interface FeatureFacts {
  readonly project: Project;
  readonly epic: Epic;
  readonly stories: readonly Story[];
  /** e.g. `specs/001-discounts`. */
  readonly directory: string;
  /** Day of the event that asked for the feature: the same however often it is handled. */
  readonly created: string;
}

export interface AnsweredQuestion {
  readonly question: string;
  readonly answer: string;
}

/** Everything of a feature folder that is known before there are tasks; not yet parsed. */
export type Documents = Omit<FeatureFolderInput, 'tasks' | 'checklist'>;
export type ParsedDocuments = Omit<FeatureFolder, 'tasks' | 'checklist'>;

/** A question as Spec Kit's markers can hold it. */
export const asQuestion = (text: string): string => text.replaceAll('[', '(').replaceAll(']', ')').replaceAll('→', '->');

/**
 * The model's answer as the documents of a feature folder: ids are counted, scenarios are the stories' criteria with their
 * numbers, and what follows from the project is filled in. With `answers` of people the questions are settled by them; with
 * `open` they stay in place as markers; else each is settled by the recommendation, as an assumption on record.
 */
export function assembleDocuments(answer: SpSpecification, facts: FeatureFacts, answers: readonly AnsweredQuestion[], open = false): Documents {
  const { epic, project } = facts;
  const branch = `cascade/${project.epicId}-${project.epicName}`;
  return {
    specification: {
      title: epic.title, branch, created: facts.created, input: project.request,
      clarifications: answers.map((item) => ({ question: asQuestion(item.question), answer: item.answer })),
      stories: facts.stories.map((story, index) => userStory(story, index, answer)),
      edgeCases: answer.edgeCases,
      requirements: answer.requirements.map((item, index) => ({
        id: requirementId(index + 1), text: item.text, covers: item.covers, ...marker(answer, index, open),
      })),
      entities: answer.entities.map((item) => ({ name: item.name, description: item.description })),
      outcomes: answer.outcomes.map((item, index) => ({ id: outcomeId(index + 1), text: item.text, covers: item.covers })),
      assumptions: [...answer.assumptions, ...(open ? [] : answer.clarifications.map((item) => `${item.question} Assumed: ${item.recommendation}`))],
    },
    plan: plan(answer, facts, branch),
    research: { title: epic.title, decisions: answer.decisions },
    ...(answer.entities.length === 0 ? {} : { dataModel: { title: epic.title, entities: answer.entities } }),
    contracts: answer.contracts,
    quickstart: {
      title: epic.title, prerequisites: answer.prerequisites, testCommand: project.testPlan.command.join(' '),
      scenarios: answer.scenarios.map((item) => ({ title: scenarioTitle(item.storyId, facts.stories), steps: item.steps, expected: item.expected })),
    },
  };
}

function marker(answer: SpSpecification, index: number, open: boolean): { clarification?: string } {
  const question = answer.clarifications.find((item) => item.requirement === index + 1)?.question;
  return open && question !== undefined ? { clarification: asQuestion(question) } : {};
}

function userStory(story: Story, index: number, answer: SpSpecification): Documents['specification']['stories'][number] {
  const written = answer.stories.find((item) => item.storyId === story.id);
  return {
    storyId: story.id, title: story.title, priority: index + 1,
    narrative: `As a ${story.asA}, I want ${story.iWant}, so that ${story.soThat}.`,
    description: written?.description ?? '', why: written?.why ?? '', independentTest: written?.independentTest ?? '',
    scenarios: story.criteria.map((item) => ({ id: item.id, given: item.given, when: item.when, then: item.then })),
  };
}

function plan(answer: SpSpecification, facts: FeatureFacts, branch: string): Documents['plan'] {
  const { summary, structureDecision, ...context } = answer.plan;
  return {
    title: facts.epic.title, branch, specPath: `${facts.directory}/spec.md`, summary, structureDecision,
    context: { ...context, testing: testingText(facts.project.testPlan) },
    principles: [
      { principle: 'Test first', note: 'Every code task has test tasks before it; their tests must fail before the code is written and are locked while it is.' },
      { principle: 'Nothing beside the request', note: 'Each task serves acceptance criteria of a story; no new dependencies.' },
      ...answer.principles,
    ],
    documentation: [], sources: [], complexity: [],
  };
}

function scenarioTitle(storyId: string, stories: readonly Story[]): string {
  const index = stories.findIndex((story) => story.id === storyId);
  return `User Story ${index + 1} - ${stories[index]?.title ?? storyId}`;
}
