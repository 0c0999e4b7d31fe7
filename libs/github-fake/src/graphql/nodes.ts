import { admit, type Need } from '../http/access.js';
import { type Caller } from '../http/call.js';
import { Refusal } from '../world/refusal.js';
import { type Issue, type Label, type Repository } from '../world/types.js';
import { type World } from '../world/world.js';
import { GraphProblem, notFoundNode } from './problems.js';

/** What global ids name, for those who may see or change it. */
export class Nodes {
  constructor(private readonly world: World, private readonly caller: Caller) {}

  /** @throws GraphProblem there is none, or the caller may not */
  issue(id: unknown, need: Need): Issue {
    for (const repository of this.world.repositories.values()) {
      for (const issue of repository.issues.values()) if (issue.nodeId === id && issue.end === undefined) return this.#admitted(issue, repository, need);
    }
    throw notFoundNode(id);
  }

  label(id: unknown): { readonly label: Label; readonly repository: Repository } {
    for (const repository of this.world.repositories.values()) {
      for (const label of repository.labels.values()) if (label.nodeId === id) return this.#admitted({ label, repository }, repository, writesLabels);
    }
    throw notFoundNode(id);
  }

  repository(id: unknown, need: Need): Repository {
    for (const repository of this.world.repositories.values()) if (repository.nodeId === id) return this.#admitted(repository, repository, need);
    throw notFoundNode(id);
  }

  #admitted<T>(value: T, repository: Repository, need: Need): T {
    try {
      admit(this.world, this.caller, repository, need);
      return value;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      throw error.status === 404 ? notFoundNode(repository.nodeId) : new GraphProblem('FORBIDDEN', error.message);
    }
  }
}

export const readsIssues: Need = { permission: 'issues', level: 'read', role: 'read' };
export const writesLabels: Need = { permission: 'issues', level: 'write', role: 'write' };
