import type { Story } from '@cascade/contracts';
import { fail, type Finding } from './finding.js';

/** A story may only build on stories before it (epics of BMAD are sequential slices). */
export function checkDependencies(stories: readonly Story[]): Finding[] {
  const order = new Map(stories.map((story, index) => [story.id, index]));
  return stories.flatMap((story, index) => story.dependsOn.flatMap((id) => {
    const at = order.get(id);
    if (at === undefined) return [fail('dependency-unknown', `it depends on story ${id}, which does not exist`, story.id)];
    return at < index ? [] : [fail('dependency-forward', `it depends on story ${id}, which does not come before it`, story.id)];
  }));
}
