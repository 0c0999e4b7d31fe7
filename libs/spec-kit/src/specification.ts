import { storyId } from '@cascade/contracts';
import { z } from 'zod';
import { line, lineOf } from './line.js';

/** Ids of the epic's requirements that a line of the specification covers, e.g. `FR1`. */
const covers = z.array(z.string().regex(/^N?FR[1-9]\d*$/)).max(40);

/** What a line ends with is written by the renderer and must not be part of its text. */
const requirementText = line.refine((text) => !/\[NEEDS CLARIFICATION|\(covers N?FR[^)]*\)$/.test(text), 'must not hold a marker of its own');
const question = lineOf(500).refine((text) => !/[\]→]/.test(text), 'must not contain "]" or "→"');

export const scenario = z.object({ id: z.number().int().positive(), given: line, when: line, then: line });

export const userStory = z.object({
  storyId,
  title: lineOf(500),
  /** 1 is the most important: `Priority: P1`. */
  priority: z.number().int().min(1).max(99),
  /** As a …, I want …, so that …. */
  narrative: line,
  description: line,
  why: line,
  independentTest: line,
  /** Numbered as the story's acceptance criteria. */
  scenarios: z.array(scenario).min(1).max(20),
});
export type UserStory = z.output<typeof userStory>;

export const functionalRequirement = z.object({
  id: z.string().regex(/^FR-\d{3,}$/),
  text: requirementText,
  covers,
  /** An open question about it: rendered as `[NEEDS CLARIFICATION: …]`. */
  clarification: question.optional(),
});

export const successCriterion = z.object({ id: z.string().regex(/^SC-\d{3,}$/), text: requirementText, covers });

/** The typed spec.md of Spec Kit 1.0: what and why, never how. */
export const specification = z.object({
  title: lineOf(500),
  branch: lineOf(300),
  created: z.iso.date(),
  input: lineOf(20_000),
  clarifications: z.array(z.object({ question, answer: line })).max(20),
  stories: z.array(userStory).min(1).max(12),
  edgeCases: z.array(line).min(1).max(40),
  requirements: z.array(functionalRequirement).min(1).max(60),
  entities: z.array(z.object({ name: lineOf(200), description: line })).max(40),
  outcomes: z.array(successCriterion).min(1).max(30),
  assumptions: z.array(line).min(1).max(60),
});
export type Specification = z.output<typeof specification>;

/** `FR-007` from 7: Spec Kit pads its numbers to three digits. */
export const requirementId = (number: number): string => `FR-${String(number).padStart(3, '0')}`;
export const outcomeId = (number: number): string => `SC-${String(number).padStart(3, '0')}`;
