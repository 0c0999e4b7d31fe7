import { cleanComment } from './doc-comment.js';

/**
 * The comments and marks directly above a definition. Both may be mixed (a doc comment, attributes, a remark), so they are
 * one run of lines; an empty line or other code ends it, and what it said belongs to nobody.
 */
export class Preamble {
  private endLine = -1;
  private comments: string[] = [];
  private marks: string[] = [];

  comment(text: string, startLine: number, endLine: number): void {
    this.reach(startLine, endLine);
    // Rust's inner doc comments speak about what surrounds them.
    if (!/^\/(?:\/|\*)!/.test(text)) this.comments.push(text);
  }

  mark(text: string, startLine: number, endLine: number): void {
    this.reach(startLine, endLine);
    this.marks.push(text);
  }

  /** What stands above a definition that begins in this line; it is given once. */
  take(line: number): { doc: string; marks: string[] } {
    const taken = line <= this.endLine + 1 ? { doc: cleanComment(this.comments.join('\n')), marks: this.marks } : { doc: '', marks: [] };
    this.endLine = -1;
    this.comments = [];
    this.marks = [];
    return taken;
  }

  private reach(startLine: number, endLine: number): void {
    if (startLine > this.endLine + 1) {
      this.comments = [];
      this.marks = [];
    }
    this.endLine = Math.max(endLine, startLine);
  }
}
