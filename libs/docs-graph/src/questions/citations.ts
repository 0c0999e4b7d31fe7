import { fileId } from '../graph/graph-ids.js';
import type { GraphIndex } from './graph-index.js';

export interface Citation {
  readonly source: string;
  /** Whether the file is indexed and has these lines. */
  readonly exists: boolean;
  /** Why it does not; empty when it does. */
  readonly problem: '' | 'malformed' | 'no-such-file' | 'no-such-lines';
}

const form = /^(.{1,4096})#L([1-9]\d{0,8})-L([1-9]\d{0,8})$/su;

/** Which of some `path#L1-L9` there are: what a text cites is only as good as this says. */
export function citations(graph: GraphIndex, scope: string, sources: readonly string[]): Citation[] {
  return sources.map((source) => {
    const problem = problemOf(graph, scope, source);
    return { source, exists: problem === '', problem };
  });
}

function problemOf(graph: GraphIndex, scope: string, source: string): Citation['problem'] {
  const [, path = '', from, to] = form.exec(source) ?? [];
  if (path === '' || Number(from) > Number(to)) return 'malformed';
  const file = graph.node(graph.numberOf(fileId(scope, path)) ?? 0);
  if (file?.table !== 'File' || file.status === 'skipped') return 'no-such-file';
  return Number(to) > file.lines ? 'no-such-lines' : '';
}
