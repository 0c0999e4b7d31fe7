import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { layOutGraph, type GraphNode } from './graph-layout.js';

const graph = fc.integer({ min: 0, max: 25 }).chain((size) => fc.array(fc.array(fc.nat(30), { maxLength: 5 }), { minLength: size, maxLength: size }))
  .map((lists): GraphNode[] => lists.map((dependsOn, index) => ({ id: `T${index}`, dependsOn: dependsOn.map((other) => `T${other}`) })));

it('places every node once, right of what it depends on, whatever it is given: circles, repetitions, unknown tasks', () => {
  fc.assert(fc.property(graph, (nodes) => {
    const layout = layOutGraph(nodes);
    const at = new Map(layout.nodes.map((node) => [node.id, node]));
    expect([...at.keys()].toSorted()).toEqual(nodes.map(({ id }) => id).toSorted());
    expect(new Set(layout.nodes.map(({ column, row }) => `${column}/${row}`)).size).toBe(nodes.length);
    for (const { from, to } of layout.edges) expect(at.get(from)!.column).toBeLessThan(at.get(to)!.column);
    for (const { column, row } of layout.nodes) expect(column < layout.columns && row < layout.rows).toBe(true);
  }));
});

it('keeps what comes after what, and says nothing twice', () => {
  fc.assert(fc.property(graph, (nodes) => {
    // Without circles: only what comes before in the list.
    const clean = nodes.map(({ id, dependsOn }, index) => ({ id, dependsOn: dependsOn.filter((other) => Number(other.slice(1)) < index) }));
    const { edges } = layOutGraph(clean);
    const reaches = (from: string, to: string, without?: object): boolean => edges.some((edge) => edge !== without && edge.from === from && (edge.to === to || reaches(edge.to, to, without)));
    for (const { id, dependsOn } of clean) for (const other of dependsOn) expect(reaches(other, id)).toBe(true);
    for (const edge of edges) expect(reaches(edge.from, edge.to, edge)).toBe(false);
  }), { numRuns: 40 });
});

it('lets nothing cross that does not have to', () => {
  const { nodes } = layOutGraph([{ id: 'a', dependsOn: [] }, { id: 'b', dependsOn: [] }, { id: 'c', dependsOn: ['b'] }, { id: 'd', dependsOn: ['a'] }]);
  const row = Object.fromEntries(nodes.map((node) => [node.id, node.row]));
  expect(row['a']! < row['b']!).toBe(row['d']! < row['c']!);
});
