/**
 * What can be looked up while a file is resolved. `file`: whether there is a file, and whose names it takes over, by its path.
 * `inside`: what a name means in it. `stem`: which files an import may mean, by the last word of their path. `folder`: which
 * files lie in it. `name`: the only definition of a name. `member`: a name in a package of Go or Java. `mention`: which
 * definitions have a name at all.
 */
export type ReadKind = 'file' | 'inside' | 'stem' | 'folder' | 'name' | 'member' | 'mention';

/** Which files looked something up. */
class Lookup {
  /** A list and not a set: most have one entry, and there are as many as names. */
  readonly readers: string[] = [];

  /** `within` is the file of a name. */
  constructor(private readonly among: Map<string, Lookup>, private readonly key: string, readonly within: string | undefined) {}

  forget(reader: string): void {
    this.readers.splice(this.readers.indexOf(reader), 1);
    if (this.readers.length === 0) this.among.delete(this.key);
  }
}

/**
 * Which files looked what up. When an answer changes, exactly the files that asked for it are resolved again: so nothing has
 * to be known about why they asked. There are millions of lookups in a large repository; none makes a text for its key.
 */
export class Reads {
  private readonly lookups: Readonly<Record<Exclude<ReadKind, 'inside'>, Map<string, Lookup>>> = {
    file: new Map(), stem: new Map(), folder: new Map(), name: new Map(), member: new Map(), mention: new Map(),
  };
  /** By path, then by name. */
  private readonly inside = new Map<string, Map<string, Lookup>>();
  private readonly byReader = new Map<string, Lookup[]>();
  private reader = '';
  private own: Lookup[] = [];

  /** Says which file asks from now on; what it asked before is forgotten. */
  begin(path: string): void {
    this.forget(path);
    this.reader = path;
    this.own = [];
    this.byReader.set(path, this.own);
  }

  forget(path: string): void {
    for (const lookup of this.byReader.get(path) ?? []) {
      lookup.forget(path);
      if (lookup.within !== undefined && this.inside.get(lookup.within)?.size === 0) this.inside.delete(lookup.within);
    }
    this.byReader.delete(path);
  }

  note(kind: Exclude<ReadKind, 'inside'>, key: string): void {
    this.noteAmong(this.lookups[kind], key);
  }

  /** Of its own names a file is told by changing. */
  noteInside(path: string, name: string): void {
    if (path === this.reader) return;
    let names = this.inside.get(path);
    if (names === undefined) this.inside.set(path, names = new Map());
    this.noteAmong(names, name, path);
  }

  /** The files that looked it up; `name` for what is inside the file `key`. */
  readersOf(kind: ReadKind, key: string, name = ''): readonly string[] {
    return (kind === 'inside' ? this.inside.get(key)?.get(name) : this.lookups[kind].get(key))?.readers ?? [];
  }

  private noteAmong(among: Map<string, Lookup>, key: string, within?: string): void {
    let lookup = among.get(key);
    if (lookup === undefined) among.set(key, lookup = new Lookup(among, key, within));
    // Files ask one after the other: who asked last asks again.
    if (lookup.readers.at(-1) === this.reader) return;
    lookup.readers.push(this.reader);
    this.own.push(lookup);
  }
}
