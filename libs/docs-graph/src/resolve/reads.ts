/**
 * What was looked up while one file was resolved. When an answer changes, exactly the files that asked for it are resolved
 * again: so nothing has to be known about why they asked.
 *
 * `file`: whether there is a file, and whose names it takes over, by its path. `inside`: what a name means in it. `stem`: which files an import may mean, by the last word of their
 * path. `folder`: which files lie in it. `name`: the only definition of a name. `member`: a name in a package of Go or Java.
 * `mention`: which definitions have a name at all.
 */
export const readKinds = ['file', 'inside', 'stem', 'folder', 'name', 'member', 'mention'] as const;
export type ReadKind = (typeof readKinds)[number];

type ByKind<Value> = Readonly<Record<ReadKind, Value>>;
const byKind = <Value>(make: () => Value): ByKind<Value> => ({ file: make(), inside: make(), stem: make(), folder: make(), name: make(), member: make(), mention: make() });

/** No name has a line end. */
export const insideKey = (path: string, name: string): string => `${path}\n${name}`;

/** The lookups of the file that is being resolved. */
export class Reads {
  private current = byKind(() => new Set<string>());
  private reader = '';

  /** Says who asks from now on. */
  begin(path: string): void {
    this.reader = path;
  }

  /** Of its own names a file is told by changing. */
  noteInside(path: string, name: string): void {
    if (path !== this.reader) this.note('inside', insideKey(path, name));
  }

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
  /** Lists and not sets: most have one entry, and there are as many as names. */
  private readonly readers = byKind(() => new Map<string, string[]>());
  private readonly keys = new Map<string, ByKind<ReadonlySet<string>>>();

  set(path: string, reads: ByKind<ReadonlySet<string>>): void {
    this.delete(path);
    for (const kind of readKinds) {
      for (const key of reads[kind]) {
        const known = this.readers[kind].get(key);
        if (known === undefined) this.readers[kind].set(key, [path]);
        else known.push(path);
      }
    }
    this.keys.set(path, reads);
  }

  delete(path: string): void {
    const own = this.keys.get(path);
    if (own === undefined) return;
    this.keys.delete(path);
    for (const kind of readKinds) {
      for (const key of own[kind]) {
        const known = this.readers[kind].get(key);
        known?.splice(known.indexOf(path), 1);
        if (known?.length === 0) this.readers[kind].delete(key);
      }
    }
  }

  of(kind: ReadKind, key: string): Iterable<string> {
    return this.readers[kind].get(key) ?? [];
  }
}
