import { randomUUID } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { z } from 'zod';

/** What is known of an indexed branch beside its graph. */
const scopeRecord = z.object({
  /** The repository's id in the cache of git-worker. */
  repository: z.string(),
  branch: z.string(),
  /** As it was last asked for: where it is indexed from again. */
  address: z.string(),
  /** The branch that is meant when none is named. */
  isDefault: z.boolean(),
  /** Unix milliseconds. */
  usedAt: z.number(),
});
export type ScopeRecord = z.output<typeof scopeRecord>;

const sameScope = (a: Pick<ScopeRecord, 'repository' | 'branch'>, b: Pick<ScopeRecord, 'repository' | 'branch'>): boolean => a.repository === b.repository && a.branch === b.branch;

/** The indexed branches in a small file, replaced as a whole. What it says can be found out again, so a damaged one counts as none. */
export class ScopeRecords {
  private writing: Promise<void> = Promise.resolve();

  private constructor(private readonly file: string, private records: readonly ScopeRecord[]) {}

  static async open(file: string): Promise<ScopeRecords> {
    const text = await readFile(file, 'utf8').catch(() => '[]');
    return new ScopeRecords(file, parsed(text));
  }

  /** Most recently used first. */
  all(): readonly ScopeRecord[] {
    return this.records.toSorted((a, b) => b.usedAt - a.usedAt);
  }

  find(repository: string, branch: string): ScopeRecord | undefined {
    return this.records.find((record) => sameScope(record, { repository, branch }));
  }

  /** Its usage is written with the next `put`. */
  used(record: ScopeRecord): void {
    record.usedAt = Date.now();
  }

  async put(record: ScopeRecord): Promise<void> {
    const others = this.records.filter((other) => !sameScope(other, record))
      .map((other) => (record.isDefault && other.repository === record.repository ? { ...other, isDefault: false } : other));
    await this.write([...others, record]);
  }

  async remove(record: Pick<ScopeRecord, 'repository' | 'branch'>): Promise<void> {
    await this.write(this.records.filter((other) => !sameScope(other, record)));
  }

  private async write(records: readonly ScopeRecord[]): Promise<void> {
    this.records = records;
    const text = JSON.stringify(records);
    this.writing = this.writing.catch(() => undefined).then(async () => {
      const temporary = `${this.file}.${randomUUID()}`;
      await writeFile(temporary, text, { mode: 0o600 });
      await rename(temporary, this.file);
    });
    await this.writing;
  }
}

function parsed(text: string): ScopeRecord[] {
  try {
    const records = z.array(scopeRecord).safeParse(JSON.parse(text));
    return records.success ? records.data : [];
  } catch {
    return [];
  }
}
