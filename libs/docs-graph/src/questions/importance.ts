import type { GraphIndex } from './graph-index.js';
import { directions } from './relation.js';

/** PageRank (Page, Brin 1998) with its usual damping, in so many rounds. */
const damping = 0.85;
const rounds = 20;
/** All importance there is. Whole numbers below 2^53 add up to the same whatever their order: so equal graphs give equal ranks. */
const all = 2 ** 48;

/**
 * How much of the graph depends on each node, by number: a call hands on its caller's importance, a `maybe` half as much
 * as a certain one. Tests have none to give: what is much tested is not for that much used.
 */
export function importance(graph: GraphIndex): Float64Array {
  const ranked = rankedNodes(graph);
  const weights = new Float64Array(graph.capacity);
  for (const node of ranked) weights[node] = weightOf(graph, node);
  let ranks = new Float64Array(graph.capacity);
  const start = Math.floor(all / Math.max(1, ranked.length));
  for (const node of ranked) ranks[node] = start;
  for (let round = 0; round < rounds; round += 1) ranks = spread(graph, ranked, weights, ranks);
  return ranks;
}

function rankedNodes(graph: GraphIndex): number[] {
  const ranked: number[] = [];
  for (let number = 1; number < graph.capacity; number += 1) {
    const node = graph.symbol(number);
    if (node?.table === 'Class' || (node?.table === 'Function' && !node.is_test)) ranked.push(number);
  }
  return ranked;
}

function weightOf(graph: GraphIndex, node: number): number {
  const calls = graph.relations.DEPENDS_ON;
  let weight = 0;
  for (let edge = calls.first(node, directions.out); edge !== 0; edge = calls.next(edge, directions.out)) weight += calls.sure(edge) ? 2 : 1;
  return weight;
}

function spread(graph: GraphIndex, ranked: readonly number[], weights: Float64Array, ranks: Float64Array): Float64Array<ArrayBuffer> {
  const calls = graph.relations.DEPENDS_ON;
  const next = new Float64Array(ranks.length);
  let given = 0;
  for (const node of ranked) {
    const share = Math.floor((ranks[node] ?? 0) * damping / Math.max(1, weights[node] ?? 0));
    for (let edge = calls.first(node, directions.out); edge !== 0; edge = calls.next(edge, directions.out)) {
      const handed = share * (calls.sure(edge) ? 2 : 1);
      const to = calls.target(edge, directions.out);
      next[to] = (next[to] ?? 0) + handed;
      given += handed;
    }
  }
  const rest = Math.floor((all - given) / Math.max(1, ranked.length));
  for (const node of ranked) next[node] = (next[node] ?? 0) + rest;
  return next;
}
