import { z } from 'zod';
import { epic, gateDecision, story, storyId } from './bmad-model.js';
import { defineEvent, priorities, type Problem } from '@cascade/messages';
import { program } from './program-model.js';
import { budget, project, sha, tenantName } from './project.js';
import { relativePath } from './repository-path.js';
import { specTask, taskId } from './task-model.js';

const MAX_MESSAGE = 4000;
const MAX_FINDINGS = 100;
const message = z.string().max(MAX_MESSAGE);
export const problem = z.object({
  code: z.string().regex(/^CASC_[A-Z0-9_]+$/),
  message,
  advice: message.optional(),
  findings: z.array(message).max(MAX_FINDINGS).optional(),
});

/** A problem as events tell it: within the bounds of their contract, whatever was thrown. */
export function toldProblem({ code, message: text, advice, findings }: Problem): z.output<typeof problem> {
  return {
    code, message: text.slice(0, MAX_MESSAGE), ...(advice === undefined ? {} : { advice }),
    ...(findings === undefined ? {} : { findings: findings.slice(0, MAX_FINDINGS).map((line) => line.slice(0, MAX_MESSAGE)) }),
  };
}

/** Points at which a person decides whether a cascade goes on: before the stories are handed on, the specification, the result. */
export const approvalGates = ['stories', 'spec', 'merge'] as const;
export type ApprovalGate = (typeof approvalGates)[number];

export const cascadeRequested = defineEvent('cascade.requested', 'Somebody asks for a change to a repository; starts a cascade.', z.object({
  request: z.string().trim().min(1).max(20_000),
  /** Path of a local repository, or an https/ssh URL. */
  repository: z.string().min(1).max(2000),
  branch: z.string().min(1).max(244).optional(),
  epicName: z.string().min(1).max(60).optional(),
  /** Overrides the detected command; split into words, never given to a shell. */
  testCommand: z.string().min(1).max(2000).optional(),
  budget: budget.optional(),
  /** Whose budget counts, beside the cascade's own; `default` unless given. */
  tenant: tenantName.optional(),
  deadlineMinutes: z.number().positive().max(1440).optional(),
  /** Whether the deadline stands still while a person is asked; `pause` unless given. */
  deadlineWhileWaiting: z.enum(['pause', 'run']).optional(),
  clarifications: z.enum(['assume', 'ask']).optional(),
  /** The lane in which everything of the cascade travels after the first tier; the first one reads it in the lane of its entry. */
  priority: z.enum(priorities).optional(),
  /** What a person approves before it goes on. */
  approve: z.array(z.enum(approvalGates)).max(approvalGates.length).optional(),
}));

const tierEvent = { project };

export const storiesApproved = defineEvent('stories.approved', 'The group chat agreed on the epic and its stories, and the BMAD validators passed.', z.object({
  ...tierEvent,
  epic,
  stories: z.array(story).min(1).max(12),
  documents: z.array(relativePath).max(60),
  integrationSha: sha,
}));

export const specReady = defineEvent('spec.ready', 'The Spec Kit feature folder is written, read back and valid.', z.object({
  ...tierEvent,
  epic,
  stories: z.array(story).min(1).max(12),
  featureDirectory: relativePath,
  tasks: z.array(specTask).min(1).max(60),
  integrationSha: sha,
}));

export const programsReady = defineEvent('programs.ready', 'Every task is a typed program.', z.object({
  ...tierEvent,
  epic,
  stories: z.array(story).min(1).max(12),
  featureDirectory: relativePath,
  programs: z.array(program).min(1).max(60),
  integrationSha: sha,
}));

export const taskReady = defineEvent('task.ready', 'A code task (with its test tasks) or a chore may start: everything it depends on is integrated.', z.object({
  ...tierEvent,
  taskId,
  /** Counts from 1; more than 1 after a conflict. */
  attempt: z.number().int().positive().max(10),
  /** Commit that its workspace starts from. */
  baseSha: sha,
  /** Why the attempt before was sent back. */
  feedback: z.string().max(20_000).optional(),
}));

export const testReport = z.object({ total: z.number().int(), passed: z.number().int(), failed: z.number().int(), skipped: z.number().int() });

/** What a finished task proves, kept for gates and reports. */
export const taskEvidence = z.object({
  /** Names of the tests that failed before the code and passed with it. */
  redTests: z.array(z.string().max(500)).max(200),
  /** SHA-256 by path of the locked test files. */
  lockedTests: z.record(z.string(), z.string()),
  /** Runs until green; 1 when the first code was right. */
  attempts: z.number().int().min(0),
  /** By test task: the commit of its tests, and how many of them were red in it. */
  testTasks: z.record(taskId, z.object({ commitSha: sha, red: z.number().int() })).optional(),
  report: testReport.optional(),
});
export type TaskEvidence = z.output<typeof taskEvidence>;

export const taskImplemented = defineEvent('task.implemented', 'A task is red, green and committed in its workspace; the merge queue takes it.', z.object({
  ...tierEvent, taskId, attempt: z.number().int().positive(), workspaceId: z.string().max(100), commitSha: sha, evidence: taskEvidence,
}));

export const taskIntegrated = defineEvent('task.integrated', 'The merge queue moved the integration branch to a tested candidate with this task.', z.object({
  ...tierEvent, taskId, attempt: z.number().int().positive(), commitSha: sha, integrationSha: sha, evidence: taskEvidence, report: testReport.optional(),
}));

export const taskConflicted = defineEvent('task.conflicted', 'The task does not merge, or tests fail on the merged candidate; nothing moved.', z.object({
  ...tierEvent, taskId, attempt: z.number().int().positive(), reason: z.enum(['merge', 'tests']),
  paths: z.array(z.string().max(1024)).max(200), output: z.string().max(20_000), integrationSha: sha,
}));

export const storyVerified = defineEvent('story.verified', 'Every task of a story is integrated and its QA gate is decided.', z.object({
  ...tierEvent, storyId, gate: gateDecision, reasons: z.array(message).max(50), gatePath: relativePath, integrationSha: sha,
}));

export const inputRequested = defineEvent('input.requested', 'A tier waits for a person.', z.object({ name: z.string().max(200), question: message }));
export const inputGiven = defineEvent('input.given', 'A person answers: `correlationid` is the cascade, `name` the question. The first answer counts; one that nobody waits for goes to the dead letters of the supervisor.', z.object({ name: z.string().max(200), answer: z.string().min(1).max(20_000) }));

/** What comes out of a cascade, for people: printed by the CLI, written beside the stories. */
export const cascadeSummary = z.object({
  branch: z.string().max(300),
  commitSha: sha,
  stories: z.array(z.object({ id: storyId, title: z.string(), highestRisk: z.number().int(), gate: gateDecision, reasons: z.array(message).max(50) })),
  tasks: z.array(z.object({ id: taskId, title: z.string(), kind: z.enum(['test', 'code', 'chore']), commitSha: sha.optional(), redTests: z.number().int(), attempts: z.number().int() })),
  featureDirectory: relativePath,
  gate: gateDecision,
  /** What a pull request of the result says first, in Markdown; only where the repository is one that has pull requests. */
  pullRequest: z.object({ title: z.string().min(1).max(72), body: z.string().max(4000) }).optional(),
});
export type CascadeSummary = z.output<typeof cascadeSummary>;

export const cascadeCompleted = defineEvent('cascade.completed', 'The result branch is in the repository.', z.object({ summary: cascadeSummary }));
export const cascadeFailed = defineEvent('cascade.failed', 'The cascade ended with an error.', z.object({ service: z.string().max(100), problem }));
export const cascadeTimedOut = defineEvent('cascade.timed_out', 'The deadline passed.', z.object({ deadline: z.string() }));
export const cascadeCancelled = defineEvent('cascade.cancelled', 'Somebody cancelled it.', z.object({ reason: message }));
export const cascadeCleaned = defineEvent('cascade.cleaned', 'Everything that the cascade left outside its result is taken back.', z.object({
  undone: z.number().int(),
  /** Effects that are part of the result: its branch. */
  kept: z.number().int(),
}));
export const cascadeCleanUpParked = defineEvent('cascade.clean_up_parked', 'Some effects could not be taken back in three tries, and wait for a person; everything else is.', z.object({
  parked: z.number().int().positive(),
  effects: z.array(z.object({ effect: z.string().max(300), code: z.string().max(100), message })).min(1).max(50),
}));
export const cascadeCleanUpRequested = defineEvent('cascade.clean_up_requested', 'A person asks for another try at what a clean-up had to park.', z.object({}));

export const workItemChanged = defineEvent('work_item.changed', 'A work item was saved.', z.object({ key: z.string().max(4000), status: z.string().max(60) }));

export const cascadeEvents = [
  cascadeRequested, storiesApproved, specReady, programsReady, taskReady, taskImplemented, taskIntegrated, taskConflicted,
  storyVerified, inputRequested, inputGiven, cascadeCompleted, cascadeFailed, cascadeTimedOut, cascadeCancelled, cascadeCleaned, cascadeCleanUpParked, cascadeCleanUpRequested, workItemChanged,
] as const;

export const terminalEvents = [cascadeCompleted, cascadeFailed, cascadeTimedOut, cascadeCancelled] as const;
