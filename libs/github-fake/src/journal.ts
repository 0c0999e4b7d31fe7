/** One request to the fake, in order of arrival. */
export interface JournalEntry {
  readonly sequence: number;
  readonly at: number;
  readonly method: string;
  readonly path: string;
  /** GitHub's operation id, `graphql`, `git`, or `unknown`. */
  operation: string;
  /** Login, `app/<slug>`, or `anonymous`. */
  by: string;
  /** 0 while it is being answered, and when the connection was cut. */
  status: number;
  /** Whether it may change something: not GET, and not a query of GraphQL. */
  isWrite: boolean;
  /** Whether it changed nothing because it was refused, or a fault came first. */
  hadEffect: boolean;
  readonly faults: string[];
  body?: unknown;
}

/** The oldest go when there are more. */
const MAX_ENTRIES = 100_000;

export class Journal {
  readonly #entries: JournalEntry[] = [];
  #sequence = 0;

  /** Starts an entry; it is completed as the request is worked off. */
  begin(at: number, method: string, path: string): JournalEntry {
    this.#sequence += 1;
    const entry: JournalEntry = { sequence: this.#sequence, at, method, path, operation: 'unknown', by: 'anonymous', status: 0, isWrite: method !== 'GET' && method !== 'HEAD', hadEffect: false, faults: [] };
    this.#entries.push(entry);
    if (this.#entries.length > MAX_ENTRIES) this.#entries.shift();
    return entry;
  }

  /** All, or those that have these properties. */
  entries(like: Partial<JournalEntry> = {}): readonly JournalEntry[] {
    const wanted = Object.entries(like);
    return this.#entries.filter((entry) => wanted.every(([key, value]) => entry[key as keyof JournalEntry] === value));
  }

  /** Writes that had an effect: what a test counts. */
  writes(like: Partial<JournalEntry> = {}): readonly JournalEntry[] {
    return this.entries({ isWrite: true, hadEffect: true, ...like });
  }

  clear(): void {
    this.#entries.length = 0;
  }
}
