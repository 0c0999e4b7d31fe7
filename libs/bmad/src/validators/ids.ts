import type { Epic, Story } from '@cascade/contracts';
import { fail, type Finding } from './finding.js';

const levelOf = { UNIT: 'unit', INT: 'integration', E2E: 'e2e' } as const;

function duplicates(ids: readonly string[], what: string, storyId?: string): Finding[] {
  return [...new Set(ids.filter((id, index) => ids.indexOf(id) !== index))].map((id) => fail('id-duplicate', `${what} id ${id} is used more than once`, storyId));
}

/** Stories are `E.1` to `E.n` in order; ids are unique; a scenario's id says its story and its level. */
export function checkIds(epic: Epic, stories: readonly Story[]): Finding[] {
  return [
    ...duplicates(epic.requirements.map((requirement) => requirement.id), 'requirement'),
    ...duplicates(stories.map((story) => story.id), 'story'),
    ...stories.flatMap((story, index) => (story.id === `${epic.id}.${index + 1}` ? [] : [fail('id-malformed', `story number ${index + 1} of epic ${epic.id} must have the id ${epic.id}.${index + 1}`, story.id)])),
    ...stories.flatMap(checkStoryIds),
  ];
}

function checkStoryIds(story: Story): Finding[] {
  return [
    ...duplicates(story.risks.map((risk) => risk.id), 'risk', story.id),
    ...duplicates(story.scenarios.map((scenario) => scenario.id), 'scenario', story.id),
    ...story.scenarios.flatMap((scenario) => {
      const [, own, level = 'UNIT'] = /^(\d+\.\d+)-(UNIT|INT|E2E)-/.exec(scenario.id) ?? [];
      if (own !== story.id) return [fail('id-malformed', `scenario ${scenario.id} must begin with ${story.id}-`, story.id)];
      return levelOf[level as keyof typeof levelOf] === scenario.level ? [] : [fail('id-malformed', `scenario ${scenario.id} has the level ${scenario.level}, its id says ${level}`, story.id)];
    }),
  ];
}
