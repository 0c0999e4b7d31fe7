/** Which nodes bear a name. Most names have one bearer, so one number is kept without a list. */
export class NameIndex {
  private readonly bearers = new Map<string, number | number[]>();

  /** In no particular order. */
  of(name: string): readonly number[] {
    const found = this.bearers.get(name) ?? [];
    return typeof found === 'number' ? [found] : found;
  }

  names(): IterableIterator<string> {
    return this.bearers.keys();
  }

  add(name: string, number: number): void {
    const known = this.bearers.get(name);
    if (known === undefined) this.bearers.set(name, number);
    else if (typeof known === 'number') this.bearers.set(name, [known, number]);
    else known.push(number);
  }

  remove(name: string, number: number): void {
    const left = this.of(name).filter((one) => one !== number);
    const [first] = left;
    if (first === undefined) this.bearers.delete(name);
    else this.bearers.set(name, left.length === 1 ? first : left);
  }
}
