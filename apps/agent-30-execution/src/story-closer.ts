import { Injectable } from '@nestjs/common';
import { appendQaReview, parseQaReviews, renderGate, storyPath, withDevAgentRecord, withStatus, withTasksDone, type CriterionEvidence } from '@cascade/bmad';
import { terminal, type Run, type Story } from '@cascade/contracts';
import { markTaskDone } from '@cascade/spec-kit';
import type { GraphState, StoryVerdict } from './graph-state.js';
import { IntegrationBranch } from './integration-branch.js';
import { StoryBranches } from './story-branches.js';
import { REVIEWER, reviewStory, type StoryReview } from './story-gate.js';

export interface ClosedStory {
  readonly story: Story;
  readonly verdict: StoryVerdict;
  /** By acceptance criterion, the tests that prove it. */
  readonly criteria: readonly CriterionEvidence[];
  readonly sha: string;
}

/** Decides a finished story's gate and writes it down: gate file, story document, tasks.md, in one commit; then shows its branches. */
@Injectable()
export class StoryCloser {
  constructor(private readonly branch: IntegrationBranch, private readonly branches: StoryBranches) {}

  /** `reviewedAt` is RFC 3339 in UTC. Throws `CASC_GATE_FAILED` (terminal) with the reasons, after they are committed. */
  async close(state: GraphState, storyId: string, reviewedAt: string, run: Run): Promise<ClosedStory> {
    const { plan } = state;
    const story = plan.stories.find((candidate) => candidate.id === storyId);
    if (story === undefined) throw terminal('CASC_STORY_UNKNOWN', `The plan has no story ${storyId}.`);
    const review = reviewStory(state, story, reviewedAt);
    const step = `story/${storyId}/v${state.version}`;
    const tip = await this.branch.tip(plan, run, `${step}/tip`);
    const tasksPath = `${plan.featureDirectory}/tasks.md`;
    const texts = await this.branch.read(plan, run, `${step}/documents`, tip, [storyPath(story), tasksPath]);
    const files = [
      { path: review.verdict.gatePath, content: renderGate(review.file) },
      ...document(texts, storyPath(story), (text) => closedStory(text, state, story, review, reviewedAt)),
      ...document(texts, tasksPath, (text) => markTaskDone(text, doneTasks(state))),
    ];
    const { sha } = await this.branch.commit(plan, run, `${step}/commit`, `docs(${plan.project.epicName}): QA gate of story ${storyId}: ${review.verdict.gate}`, files);
    await run.progress({ kind: 'gate', storyId, text: `story ${storyId} ${story.title}: gate ${review.verdict.gate}${review.verdict.reasons.length === 0 ? '' : ` (${review.verdict.reasons.join('; ')})`}` });
    if (review.verdict.gate === 'FAIL') {
      throw terminal('CASC_GATE_FAILED', `The QA gate of story ${storyId} failed: ${review.verdict.reasons.join('; ')}`, { findings: review.verdict.reasons, advice: 'Read the gate file, make the request more precise or smaller, and start again.' });
    }
    await this.branches.publish(state, story, run);
    return { story, verdict: review.verdict, criteria: review.criteria, sha };
  }
}

const document = (texts: ReadonlyMap<string, string>, path: string, change: (text: string) => string): { path: string; content: string }[] => {
  const text = texts.get(path);
  return text === undefined ? [] : [{ path, content: change(text) }];
};

/** Every task of an integrated unit, its test tasks included. */
export function doneTasks(state: GraphState): string[] {
  const leads = state.plan.programs.filter((program) => state.units[program.task.id]?.status === 'integrated');
  const done = new Set(leads.flatMap((program) => [program.task.id, ...program.tests]));
  return state.plan.programs.map((program) => program.task.id).filter((id) => done.has(id));
}

function closedStory(text: string, state: GraphState, story: Story, review: StoryReview, reviewedAt: string): string {
  const programs = state.plan.programs.filter((program) => program.storyId === story.id);
  const notes = programs.filter((program) => program.task.kind !== 'test').map((program) => {
    const evidence = state.units[program.task.id]?.evidence;
    return `${program.task.id} ${program.task.title}: ${program.task.kind === 'code' ? `${evidence?.redTests.length ?? 0} tests red, then green after ${evidence?.attempts ?? 0} run(s)` : 'done, suite green'}`;
  });
  const files = [...new Set(programs.flatMap((program) => program.allowedPaths))].sort();
  const done = withDevAgentRecord(withTasksDone(withStatus(text, 'Done')), { model: 'Cascade', notes, files });
  if (parseQaReviews(done).length > 0) return done; // a repeated handler has already written it
  const covered = review.criteria.filter((criterion) => criterion.passingTests.length > 0).length;
  return appendQaReview(done, {
    date: reviewedAt.slice(0, 10), reviewer: REVIEWER,
    assessment: `${covered} of ${review.criteria.length} acceptance criteria are proved by tests that failed before the code and pass with it.`,
    compliance: review.criteria.map((criterion) => `AC${criterion.id}: ${criterion.passingTests.length} passing tests`),
    files: [], gate: review.verdict.gate, gatePath: review.verdict.gatePath,
  });
}
