import { type Issue, type Repository } from '../world/types.js';
import { type World } from '../world/world.js';
import { type Fault } from './faults.js';

/** What lists showed when a `list-lag` fault was ordered: GitHub's lists are built from replicas that come later. */
export class ListLag {
  readonly #snapshots = new Map<Fault, ReadonlyMap<number, readonly Issue[]>>();

  constructor(private readonly world: World) {}

  remember(fault: Fault): void {
    if (fault.order.fault !== 'list-lag') return;
    this.#snapshots.set(fault, new Map([...this.world.repositories.values()].map((one) => [one.id, [...one.issues.values()].map((issue) => ({ ...issue }))])));
  }

  /** @param strike the fault that hits this request, if any */
  issues(repository: Repository, strike: () => Fault | undefined): readonly Issue[] {
    const fault = strike();
    const remembered = fault === undefined ? undefined : this.#snapshots.get(fault);
    return remembered === undefined ? [...repository.issues.values()] : remembered.get(repository.id) ?? [];
  }
}
