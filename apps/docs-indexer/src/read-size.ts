import { terminal } from '@cascade/contracts';
import type { FileFacts } from '@cascade/docs-graph';

/** Nodes of all branches in memory. */
export const MAX_NODES = 300_000;
/** Calls, imports and variables of one commit's files: what takes the memory beside the nodes. Written code has some ten a function. */
export const MAX_MENTIONS = 10 * MAX_NODES;

/** How much the files of a commit say, while they are read: what is too much is refused before all of it is in memory. */
export class ReadSize {
  private nodes = 0;
  private mentions = 0;

  /** Throws `CASC_DOCS_TOO_LARGE`. */
  add(facts: FileFacts): void {
    this.nodes += 1;
    if (facts.status === 'document') this.nodes += facts.pages.length;
    if (facts.status === 'source') {
      this.nodes += facts.functions.length + facts.classes.length;
      this.mentions += facts.calls.length + facts.locals.length + facts.imports.length;
    }
    if (this.nodes > MAX_NODES) throw tooLarge(`${this.nodes} documented things and more; ${MAX_NODES}`);
    if (this.mentions > MAX_MENTIONS) throw tooLarge(`${this.mentions} calls and imports and more; ${MAX_MENTIONS}`);
  }
}

export const tooLarge = (what: string): Error => terminal('CASC_DOCS_TOO_LARGE', `The branch has ${what} are the limit.`, { advice: 'Cascade does not index repositories of this size.' });
