import type { Epic, Story } from '@cascade/contracts';
import { fail, type Finding } from './finding.js';

/** Every requirement of the epic is served by a story, and stories serve only requirements that exist (PRD alignment). */
export function checkRequirements(epic: Epic, stories: readonly Story[]): Finding[] {
  const known = new Set(epic.requirements.map((requirement) => requirement.id));
  const covered = new Set(stories.flatMap((story) => story.requirements));
  return [
    ...[...known].filter((id) => !covered.has(id)).map((id) => fail('requirement-uncovered', `requirement ${id} is not in "requirements" of any story`)),
    ...stories.flatMap((story) => story.requirements.filter((id) => !known.has(id)).map((id) => fail('requirement-unknown', `requirement ${id} is not one of the epic's`, story.id))),
  ];
}
