import { tidyEpic, tidyStory } from '@cascade/bmad';
import type { Epic, Story, TestScenario } from '@cascade/contracts';
import type { Design, Draft } from './turns.js';

export interface Stories {
  readonly epic: Epic;
  readonly stories: readonly Story[];
}

/**
 * The epic's number inside the chat. Prompts must be the same in every run of the same request, and the true number
 * depends on what the repository and Redis already hold.
 */
export const CHAT_EPIC = 1;

const levelCode = { unit: 'UNIT', integration: 'INT', e2e: 'E2E' } as const;

/** The epic and its stories with their ids; a story that the architect has not planned yet has no tasks, risks or tests. */
export function assemble(epicId: number, draft: Draft, design: Design | undefined): Stories {
  const epic = tidyEpic({ id: epicId, title: draft.title, goal: draft.goal, background: draft.background, requirements: draft.requirements });
  const stories = draft.stories.map(({ number, ...text }) => {
    const plan = design?.stories.find((candidate) => candidate.number === number);
    const id = `${epicId}.${number}`;
    const story = tidyStory({
      id, ...text, dependsOn: (plan?.dependsOn ?? []).map((other) => `${epicId}.${other}`), tasks: plan?.tasks ?? [], devNotes: plan?.devNotes ?? [], risks: plan?.risks ?? [],
      scenarios: (plan?.scenarios ?? []).map((scenario) => ({ id: '', ...scenario })),
    });
    return { ...story, scenarios: numberScenarios(id, story.scenarios) };
  });
  return { epic, stories };
}

/** `1.2-UNIT-001`: counted per level, in the order of the test design. */
function numberScenarios(storyId: string, scenarios: readonly TestScenario[]): TestScenario[] {
  const counts = new Map<string, number>();
  return scenarios.map((scenario) => {
    const code = levelCode[scenario.level];
    const count = (counts.get(code) ?? 0) + 1;
    counts.set(code, count);
    return { ...scenario, id: `${storyId}-${code}-${String(count).padStart(3, '0')}` };
  });
}
