import type { GateDecision, Program, Story } from '@cascade/contracts';
import { buildGate, gatePath, type CriterionEvidence, type GateFile, type GateIssue } from '@cascade/bmad';
import type { GraphState, StoryVerdict } from './graph-state.js';

export const REVIEWER = 'Cascade QA';

/** The criterion that a test's name says it proves: `AC1: …`, or `test_ac1_…` where names are identifiers. */
export function criterionOf(testName: string): number | undefined {
  const match = /(?:^|[^A-Za-z0-9])ac[ _-]?(\d{1,3})(?![0-9])/i.exec(testName);
  return match === null ? undefined : Number(match[1]);
}

const programsOf = (state: GraphState, story: Story): Program[] => state.plan.programs.filter((program) => program.storyId === story.id);

/** For every criterion of a story, the tests that were red before the code and are green with it. */
export function criteriaEvidence(state: GraphState, story: Story): CriterionEvidence[] {
  const tests = programsOf(state, story).filter((program) => program.task.kind === 'code').flatMap((program) => {
    const proved = state.units[program.task.id]?.evidence?.redTests ?? [];
    const [only, ...others] = program.task.criteria;
    // A unit with one criterion proves it with each of its tests, however they are named.
    return proved.map((name) => ({ name, criterion: criterionOf(name) ?? (others.length === 0 ? only : undefined) }));
  });
  return story.criteria.map(({ id }) => ({ id, passingTests: tests.filter((test) => test.criterion === id).map((test) => test.name) }));
}

/** What the run itself shows that a reviewer would write down. */
export function gateIssues(state: GraphState, story: Story): GateIssue[] {
  return programsOf(state, story).flatMap((program): GateIssue[] => {
    const unit = state.units[program.task.id];
    if (unit?.status !== 'integrated') return program.task.kind === 'test' ? [] : [{ id: 'REQ-001', severity: 'high', finding: `${program.task.id} is not integrated`, suggestedAction: 'Run the cascade again.' }];
    const many = (unit.evidence?.attempts ?? 0) > 3;
    return many ? [{ id: 'MNT-001', severity: 'low', finding: `${program.task.id} was green only after ${unit.evidence?.attempts ?? 0} runs`, suggestedAction: 'Read its code with care.' }] : [];
  });
}

export interface StoryReview {
  readonly verdict: StoryVerdict;
  readonly file: GateFile;
  readonly criteria: readonly CriterionEvidence[];
}

/** Decides the QA gate of a story whose units are all integrated. `updated` is RFC 3339 in UTC. */
export function reviewStory(state: GraphState, story: Story, updated: string): StoryReview {
  const criteria = criteriaEvidence(state, story);
  const { verdict, file } = buildGate({ story, criteria, issues: gateIssues(state, story), reviewer: REVIEWER, updated });
  return { verdict: { gate: verdict.gate, reasons: verdict.reasons.slice(0, 50).map((reason) => reason.slice(0, 4000)), gatePath: gatePath(story) }, file, criteria };
}

const rank: Readonly<Record<GateDecision, number>> = { PASS: 0, CONCERNS: 1, FAIL: 2 };
export const worstGate = (gates: readonly GateDecision[]): GateDecision => gates.reduce((worst, gate) => (rank[gate] > rank[worst] ? gate : worst), 'PASS');
