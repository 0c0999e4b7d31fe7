import type { Node } from 'web-tree-sitter';

/** A part of a node, if it has it. */
export const part = (node: Node | null | undefined): Node | undefined => node ?? undefined;
