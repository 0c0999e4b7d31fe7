import { type FactBound, factBounds } from './bounds.js';
import { shortened } from './short-text.js';

/** Holds one file's facts within their bounds, and remembers which of these were reached. */
export class Cuts {
  private readonly reached = new Set<string>();

  text(text: string, bound: FactBound): string {
    const { text: short, cut } = shortened(text, factBounds[bound]);
    if (cut) this.reached.add(bound);
    return short;
  }

  /** Adds to a list that is not full yet. */
  push<Item>(list: Item[], item: Item, bound: FactBound): boolean {
    if (!this.room(list.length, bound)) return false;
    list.push(item);
    return true;
  }

  room(taken: number, bound: FactBound): boolean {
    if (taken < factBounds[bound]) return true;
    this.reached.add(bound);
    return false;
  }

  add(bound: FactBound): void {
    this.reached.add(bound);
  }

  names(): string[] {
    return [...this.reached].sort();
  }
}
