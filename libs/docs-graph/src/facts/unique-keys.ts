/** Gives each of several equal names a key of its own: `a`, `a~2`, `a~3`. */
export class UniqueKeys {
  private readonly taken = new Set<string>();
  private readonly next = new Map<string, number>();

  /** A name may itself look like another's key (`a`, `a`, `a~2`), so a number that is taken is passed over. */
  key(name: string): string {
    let key = name;
    let number = this.next.get(name) ?? 1;
    for (; this.taken.has(key); key = `${name}~${number}`) number += 1;
    this.next.set(name, number);
    this.taken.add(key);
    return key;
  }
}
