import type { ClassNode, FunctionNode } from '../graph/graph-rows.js';
import type { GraphIndex } from './graph-index.js';
import { byPlace, fitting, namedSymbol, type NamedSymbol } from './named-symbol.js';
import { questionBounds } from './question-bounds.js';
import { directions } from './relation.js';

export interface MemberSymbol extends NamedSymbol {
  readonly inherited: boolean;
  /** Id of the class that defines it. */
  readonly from: string;
}

export interface ClassMembers {
  readonly methods: readonly MemberSymbol[];
  readonly fields: readonly { readonly name: string; readonly inherited: boolean; readonly from: string }[];
  readonly bases: readonly NamedSymbol[];
  readonly more: boolean;
}

/** Numbers of a class's own methods, by file and line. */
export function ownMethods(graph: GraphIndex, classNumber: number): number[] {
  const contains = graph.relations.CONTAINS;
  const found: { number: number; node: FunctionNode }[] = [];
  for (let edge = contains.first(classNumber, directions.out); edge !== 0; edge = contains.next(edge, directions.out)) {
    const number = contains.target(edge, directions.out);
    const node = graph.symbol(number);
    if (node?.table === 'Function') found.push({ number, node });
  }
  return found.sort((a, b) => byPlace(a.node, b.node)).map(({ number }) => number);
}

/** The class and what it inherits from, nearest first; a circle of bases ends where it began. */
function withBases(graph: GraphIndex, classNumber: number): { classes: number[]; more: boolean } {
  const { INHERITS } = graph.relations;
  const seen = new Set([classNumber]);
  const classes = [classNumber];
  for (const one of classes) {
    const bases: number[] = [];
    for (let edge = INHERITS.first(one, directions.out); edge !== 0; edge = INHERITS.next(edge, directions.out)) {
      const base = INHERITS.target(edge, directions.out);
      if (!seen.has(base) && graph.symbol(base)?.table === 'Class') bases.push(base);
    }
    for (const base of bases.sort((a, b) => (graph.id(a) < graph.id(b) ? -1 : 1))) {
      if (classes.length > questionBounds.bases) return { classes, more: true };
      seen.add(base);
      classes.push(base);
    }
  }
  return { classes, more: false };
}

/** Methods and fields of a class; of those it inherits the nearest of each name, as long as it has none of that name itself. */
export function classMembers(graph: GraphIndex, classNumber: number): ClassMembers {
  const { classes, more } = withBases(graph, classNumber);
  const members: MemberSymbol[] = [];
  const fields: ClassMembers['fields'][number][] = [];
  const methodNames = new Set<string>();
  const fieldNames = new Set<string>();
  for (const number of classes) {
    const node = graph.symbol(number) as ClassNode;
    const origin = { inherited: number !== classNumber, from: node.id };
    const methods = ownMethods(graph, number).map((method) => graph.symbol(method) as FunctionNode).filter((method) => !methodNames.has(method.short_name));
    members.push(...methods.map((method) => ({ ...namedSymbol(method), ...origin })));
    fields.push(...node.fields.filter((name) => !fieldNames.has(name)).map((name) => ({ name, ...origin })));
    for (const method of methods) methodNames.add(method.short_name);
    for (const name of node.fields) fieldNames.add(name);
  }
  const methods = fitting(members, questionBounds.listed, questionBounds.listCharacters);
  const listed = fitting(fields, questionBounds.listed, questionBounds.listCharacters);
  const bases = fitting(classes.slice(1).map((base) => namedSymbol(graph.symbol(base) as ClassNode)), questionBounds.bases, questionBounds.describedCharacters);
  return { methods: methods.kept, fields: listed.kept, bases: bases.kept, more: more || methods.more || listed.more || bases.more };
}
