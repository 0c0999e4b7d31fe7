import { finding, specInvalid } from './finding.js';

/** What a graph needs to know of a node; tasks and units of execution both have it. */
export interface GraphNode {
  readonly id: string;
  readonly dependsOn: readonly string[];
}

/**
 * Nodes in an order in which each comes after all that it depends on; among those that could come next, the one that
 * stands first in the input. Throws `CASC_SPEC_INVALID` that names the nodes of a cycle.
 */
export function topologicalOrder<Node extends GraphNode>(nodes: readonly Node[]): Node[] {
  const known = new Set(nodes.map((node) => node.id));
  const placed = new Set<string>();
  const ordered: Node[] = [];
  let waiting = [...nodes];
  while (waiting.length > 0) {
    const next = waiting.find((node) => node.dependsOn.every((id) => placed.has(id) || !known.has(id)));
    if (next === undefined) throw specInvalid('The task graph', [finding('TASK_CYCLE', `${waiting.map((node) => node.id).join(', ')} wait for each other`)]);
    ordered.push(next);
    placed.add(next.id);
    waiting = waiting.filter((node) => node !== next);
  }
  return ordered;
}

/** For every node all nodes that it waits for, directly or through others. Ids that no node has are left out. */
export function ancestors(nodes: readonly GraphNode[]): Map<string, ReadonlySet<string>> {
  const result = new Map<string, ReadonlySet<string>>();
  for (const node of topologicalOrder(nodes)) {
    result.set(node.id, new Set(node.dependsOn.flatMap((id) => (result.has(id) ? [id, ...(result.get(id) ?? [])] : []))));
  }
  return result;
}

/** How many nodes stand in the longest chain that starts at each node: what is started first shortens the whole. */
export function criticality(nodes: readonly GraphNode[]): Map<string, number> {
  const chain = new Map<string, number>(nodes.map((node) => [node.id, 1]));
  for (const node of topologicalOrder(nodes).toReversed()) {
    const own = chain.get(node.id) ?? 1;
    for (const id of node.dependsOn) if (chain.has(id)) chain.set(id, Math.max(chain.get(id) ?? 1, own + 1));
  }
  return chain;
}
