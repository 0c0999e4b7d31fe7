import { epicPath, slugify, storyPath } from '@cascade/bmad';
import { workItemWrite, type Program, type StateWrite, type Story } from '@cascade/contracts';
import type { GraphState, Plan } from './graph-state.js';
import type { ClosedStory } from './story-closer.js';

/** Most tests that a story's work item names for one acceptance criterion. */
const MAX_NAMED_TESTS = 50;

const epicKey = (plan: Plan) => ({ repo: plan.project.repositoryName, branch: plan.project.branch, epicId: String(plan.project.epicId), epicName: plan.project.epicName });
/** Tasks that serve no story hang under `0-shared` in work-item keys. */
const storyKey = (plan: Plan, story: Story | undefined) => ({ ...epicKey(plan), storyId: story?.id ?? '0', storyName: story === undefined ? 'shared' : slugify(story.title) });

/** The integrated unit's tasks are done. */
export function unitItems(state: GraphState, taskId: string, cascadeId: string, modifiedAt: number): StateWrite[] {
  const { plan } = state;
  const lead = plan.programs.find((program) => program.task.id === taskId);
  const story = plan.stories.find((candidate) => candidate.id === lead?.storyId);
  if (lead === undefined) return [];
  const unit = state.units[taskId];
  const members: Program[] = [lead, ...plan.programs.filter((program) => lead.tests.includes(program.task.id))];
  return members.map(({ task }) => workItemWrite({
    key: { kind: 'task', ...storyKey(plan, story), taskId: task.id }, status: 'Done', title: task.title,
    documentPath: `${plan.featureDirectory}/tasks.md`, document: task, cascadeId, modifiedAt,
    columns: { commit_sha: unit?.commitSha ?? '', red_tests: String(unit?.evidence?.redTests.length ?? 0), attempts: String(unit?.evidence?.attempts ?? 0) },
  }));
}

export function storyItem(plan: Plan, { story, verdict, criteria }: Omit<ClosedStory, 'sha'>, cascadeId: string, modifiedAt: number): StateWrite {
  const proved = criteria.map(({ id, passingTests }) => ({ id, tests: passingTests.slice(0, MAX_NAMED_TESTS) }));
  return workItemWrite({
    key: { kind: 'story', ...storyKey(plan, story) }, status: 'Done', title: story.title, documentPath: storyPath(story), document: story, cascadeId, modifiedAt,
    columns: { qa_gate: verdict.gate, qa_gate_path: verdict.gatePath, criteria_tests: JSON.stringify(proved) },
  });
}

export function epicItem(plan: Plan, cascadeId: string, modifiedAt: number, columns: Readonly<Record<string, string>>): StateWrite {
  return workItemWrite({ key: { kind: 'epic', ...epicKey(plan) }, status: 'Done', title: plan.epic.title, documentPath: epicPath(plan.epic), document: plan.epic, cascadeId, modifiedAt, columns });
}
