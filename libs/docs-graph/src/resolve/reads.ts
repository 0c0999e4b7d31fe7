/**
 * What was looked up while one file was resolved. When an answer changes, exactly the files that asked for it are resolved
 * again: so nothing has to be known about why they asked.
 *
 * `file`: what a file defines and hands on, by its path. `stem`: which files an import may mean, by the last word of their
 * path. `folder`: which files lie in it. `name`: the only definition of a name. `member`: a name in a package of Go or Java.
 * `mention`: which definitions have a name at all.
 */
export const readKinds = ['file', 'stem', 'folder', 'name', 'member', 'mention'] as const;
export type ReadKind = (typeof readKinds)[number];

type ByKind<Value> = Readonly<Record<ReadKind, Value>>;
const byKind = <Value>(make: () => Value): ByKind<Value> => ({ file: make(), stem: make(), folder: make(), name: make(), member: make(), mention: make() });

/** The lookups of the file that is being resolved. */
export class Reads {
  private current = byKind(() => new Set<string>());

  note(kind: ReadKind, key: string): void {
    this.current[kind].add(key);
  }

  /** What was noted since the last time. */
  take(): ByKind<ReadonlySet<string>> {
    const { current } = this;
    this.current = byKind(() => new Set());
    return current;
  }
}

/** Which files looked something up. */
export class Readers {
  private readonly readers = byKind(() => new Map<string, Set<string>>());
  private readonly keys = new Map<string, ByKind<readonly string[]>>();

  set(path: string, reads: ByKind<ReadonlySet<string>>): void {
    this.delete(path);
    const own: Record<ReadKind, readonly string[]> = { ...byKind(() => []) };
    for (const kind of readKinds) {
      own[kind] = [...reads[kind]];
      for (const key of own[kind]) {
        const known = this.readers[kind].get(key);
        if (known === undefined) this.readers[kind].set(key, new Set([path]));
        else known.add(path);
      }
    }
    this.keys.set(path, own);
  }

  delete(path: string): void {
    const own = this.keys.get(path);
    if (own === undefined) return;
    this.keys.delete(path);
    for (const kind of readKinds) {
      for (const key of own[kind]) {
        const known = this.readers[kind].get(key);
        known?.delete(path);
        if (known?.size === 0) this.readers[kind].delete(key);
      }
    }
  }

  of(kind: ReadKind, key: string): Iterable<string> {
    return this.readers[kind].get(key) ?? [];
  }
}
