import { invalid, notFound } from '../world/refusal.js';
import { type Actor, type Milestone, type Repository } from '../world/types.js';
import { type World } from '../world/world.js';

export interface MilestoneFields {
  readonly title?: string | undefined;
  readonly description?: string | undefined;
  readonly state?: 'open' | 'closed' | undefined;
  readonly due_on?: string | undefined;
}

export function createMilestone(world: World, actor: Actor, repository: Repository, fields: MilestoneFields & { readonly title: string }): Milestone {
  if (titled(repository, fields.title) !== undefined) throw invalid('Milestone', 'title', 'already_exists');
  const now = world.now();
  const milestone: Milestone = {
    ...world.identity('MI'), number: repository.nextMilestone, creator: actor.account, createdAt: now, updatedAt: now, title: fields.title, description: fields.description ?? null, state: fields.state ?? 'open', dueOn: fields.due_on ?? null, closedAt: null,
  };
  repository.nextMilestone += 1;
  repository.milestones.set(milestone.number, milestone);
  return milestone;
}

const titled = (repository: Repository, title: string): Milestone | undefined => [...repository.milestones.values()].find((one) => one.title === title);

export function milestoneOf(repository: Repository, number: number): Milestone {
  const found = repository.milestones.get(number);
  if (found === undefined) throw notFound();
  return found;
}

export function updateMilestone(world: World, repository: Repository, milestone: Milestone, fields: MilestoneFields): void {
  const taken = fields.title === undefined ? undefined : titled(repository, fields.title);
  if (taken !== undefined && taken !== milestone) throw invalid('Milestone', 'title', 'already_exists');
  milestone.title = fields.title ?? milestone.title;
  milestone.description = fields.description ?? milestone.description;
  milestone.dueOn = fields.due_on ?? milestone.dueOn;
  if (fields.state !== undefined && fields.state !== milestone.state) milestone.closedAt = fields.state === 'closed' ? world.now() : null;
  milestone.state = fields.state ?? milestone.state;
  milestone.updatedAt = world.now();
}

export function deleteMilestone(repository: Repository, milestone: Milestone): void {
  repository.milestones.delete(milestone.number);
  for (const issue of repository.issues.values()) if (issue.milestone === milestone) issue.milestone = undefined;
}
