import { epic, requirement, story, testScenario } from '@cascade/contracts';
import { z } from 'zod';
import type { ChatMessage } from '../chat/chat-events.js';
import type { ChatState } from '../chat/chat-state.js';

const line = z.string().min(1).max(500);
const note = z.string().max(2000);
const number = z.number().int().min(1).max(12);

/** A story before it has an id: stories are numbered, because the epic's number differs between runs. */
const storyDraft = z.object({ number, ...story.pick({ title: true, asA: true, iWant: true, soThat: true, criteria: true, requirements: true }).shape });
const storyDesign = z.object({
  number, dependsOn: z.array(number).max(11),
  ...story.pick({ tasks: true, devNotes: true, risks: true }).shape,
  scenarios: z.array(testScenario.omit({ id: true })).min(1).max(60),
});

export const briefTurn = z.object({
  kind: z.literal('brief'), goal: line, values: z.array(line).min(1).max(12), limits: z.array(line).max(20), assumptions: z.array(line).max(10), questions: z.array(line).max(3),
});
export const draftTurn = z.object({
  kind: z.literal('draft'), ...epic.pick({ title: true, goal: true, background: true }).shape,
  requirements: z.array(requirement).min(1).max(40), stories: z.array(storyDraft).min(1).max(12), note,
});
export const designTurn = z.object({ kind: z.literal('design'), stories: z.array(storyDesign).min(1).max(12), objections: z.array(line).max(20), note });
export const verdictTurn = z.object({
  kind: z.literal('verdict'), verdict: z.enum(['approve', 'revise']),
  stories: z.array(z.object({ number, verdict: z.enum(['approve', 'revise']), reason: line })).max(12),
  changes: z.array(line).max(20), sendTo: z.enum(['analyst', 'architect', 'team']),
});
const finding = z.object({ code: z.string().max(60), severity: z.enum(['concern', 'fail']), storyId: z.string().max(20).optional(), message: z.string().max(4000) });
export const findingsTurn = z.object({ kind: z.literal('findings'), failures: z.array(finding).max(200), concerns: z.array(finding).max(200) });

export type Brief = z.output<typeof briefTurn>;
export type Draft = z.output<typeof draftTurn>;
export type Design = z.output<typeof designTurn>;
export type Verdict = z.output<typeof verdictTurn>;
export type Findings = z.output<typeof findingsTurn>;

/** What a role's message carries besides its words. */
export const turn = z.discriminatedUnion('kind', [briefTurn, draftTurn, designTurn, verdictTurn, findingsTurn]);
export type Turn = z.output<typeof turn>;

/** The message's turn, or undefined for a message of a person. */
export function turnOf(message: ChatMessage | undefined): Turn | undefined {
  return message?.turn === undefined ? undefined : turn.parse(message.turn);
}

/** The last turn of this kind. */
export function lastTurn<Kind extends Turn['kind']>(state: ChatState, kind: Kind): Extract<Turn, { kind: Kind }> | undefined {
  return state.messages.map(turnOf).findLast((candidate): candidate is Extract<Turn, { kind: Kind }> => candidate?.kind === kind);
}

/** Every problem of a value under a schema, one line each, for the model to correct. */
export function schemaProblems(schema: z.ZodType, value: unknown): string[] {
  const parsed = schema.safeParse(value);
  return parsed.success ? [] : parsed.error.issues.map((issue) => `${issue.path.join('.') || 'the answer'}: ${issue.message}`);
}
