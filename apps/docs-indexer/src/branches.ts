import { Injectable } from '@nestjs/common';
import { terminal } from '@cascade/contracts';
import { lookAtRepository, type RepositoryLook } from '@cascade/git';
import type { DocsReadModel } from '@cascade/docs-graph';
import type { BranchVectors } from './branch-vectors.js';
import { CommitReader } from './commit-reader.js';
import type { IndexedBranch } from './indexed-branch.js';
import { OpenedDocumentation } from './opened-documentation.js';
import type { ScopeRecord } from './scope-records.js';

/** What questions and requests name: a repository by its address, and a branch or the current one. */
export interface Named {
  readonly repository: string;
  readonly branch?: string | undefined;
}

/** A branch that can be asked, and how far its answers can be believed. */
export interface Asked {
  readonly model: DocsReadModel;
  readonly vectors: BranchVectors | undefined;
  readonly state: { readonly branch: string; readonly indexed_commit: string; readonly stale: boolean; readonly partial: boolean };
}

const NAMED_BRANCHES = 10;

/** Finds the indexed branch that somebody means. */
@Injectable()
export class Branches {
  constructor(private readonly documentation: OpenedDocumentation, private readonly reader: CommitReader) {}

  async find(named: Named): Promise<IndexedBranch | undefined> {
    const { record } = await this.look(named);
    return record === undefined ? undefined : this.documentation.get().branch(record);
  }

  /** Notes that a request for it came to nothing: its answers may be behind. */
  async failed(named: Named): Promise<void> {
    const branch = await this.find(named).catch(() => undefined);
    if (branch !== undefined) branch.hasFailed = true;
  }

  /** Loads it if need be. Throws `CASC_NOT_INDEXED`, and what loading throws. */
  async ask(named: Named): Promise<Asked> {
    const documentation = this.documentation.get();
    const { record, look, records } = await this.look(named);
    const branch = record === undefined ? undefined : documentation.branch(record);
    if (record === undefined || branch === undefined || (branch.model === undefined && !await branch.load(this.reader.factsOf(record.repository)))) throw notIndexed(named, look, records);
    documentation.records.used(record);
    const tip = await look?.tipOf(record.branch);
    const hasMoved = tip !== undefined && tip !== branch.commit;
    return {
      model: branch.model!, vectors: branch.vectors,
      state: { branch: record.branch, indexed_commit: branch.commit!, stale: hasMoved || branch.hasFailed || branch.isChanging, partial: branch.isChanging },
    };
  }

  /** A repository that cannot be seen from here, or is gone, is known by the address that it was indexed from. */
  private async look({ repository, branch }: Named): Promise<{ look: RepositoryLook | undefined; records: readonly ScopeRecord[]; record: ScopeRecord | undefined }> {
    const look = await lookAtRepository(repository).catch(() => undefined);
    const records = this.documentation.get().records.all().filter((one) => (look === undefined ? one.address === repository : one.repository === look.repositoryId));
    return { look, records, record: branch === undefined ? current(records, look?.branch) : records.find((one) => one.branch === branch) };
  }
}

/** The checked-out branch where that can be seen, else the one that was indexed when none was named. */
function current(records: readonly ScopeRecord[], checkedOut: string | undefined): ScopeRecord | undefined {
  return checkedOut === undefined ? records.find(({ isDefault }) => isDefault) ?? records[0] : records.find(({ branch }) => branch === checkedOut);
}

function notIndexed({ branch }: Named, look: RepositoryLook | undefined, records: readonly ScopeRecord[]): Error {
  const name = branch ?? look?.branch;
  const others = records.map((record) => record.branch).slice(0, NAMED_BRANCHES);
  return terminal('CASC_NOT_INDEXED', `${name === undefined ? 'The repository' : `Branch ${JSON.stringify(name.slice(0, 100))} of the repository`} is not indexed.`, {
    advice: `\`cascade docs index\` indexes it.${others.length === 0 ? '' : ` Indexed branches: ${others.join(', ')}.`}`,
  });
}
