import { Injectable } from '@nestjs/common';
import { isCascadeError, retryable, type DataOf, type docsIndexed, type docsIndexRequested, type IndexPhase } from '@cascade/contracts';
import { Branches } from './branches.js';
import { CommitReader, type CommitFacts } from './commit-reader.js';
import { GitSource, type Tree } from './git-source.js';
import type { IndexedBranch } from './indexed-branch.js';
import { OpenedDocumentation } from './opened-documentation.js';

/** A branch that moved so often while it was listed moves on; its next request comes with that. */
const ATTEMPTS = 5;

export type IndexRequest = DataOf<typeof docsIndexRequested>;
export type Indexed = DataOf<typeof docsIndexed>;
/** Hears how far it is, more often than anybody wants to read it. */
export type Tell = (branch: string, phase: IndexPhase, done: number, total: number) => void;

/** One request that is being served. */
interface Job {
  readonly request: IndexRequest;
  readonly signal: AbortSignal;
  readonly tell: Tell;
}

type Done = Pick<Indexed, 'how'> & Omit<CommitFacts, 'files'>;

/**
 * Brings a branch's documentation to a commit: lists what changed since the commit that is indexed, reads it into facts,
 * writes the rows that differ. A repeated request costs a look at the repository. Requests for one repository are served
 * one after the other, and one that was overtaken meanwhile looks again.
 */
@Injectable()
export class Indexing {
  constructor(private readonly documentation: OpenedDocumentation, private readonly branches: Branches, private readonly reader: CommitReader, private readonly git: GitSource) {}

  /** Throws what git-worker answers with, what the parsers and the store throw, and a cancelled error when `signal` aborts. */
  async index(request: IndexRequest, signal: AbortSignal, tell: Tell): Promise<Indexed> {
    const begun = performance.now();
    const documentation = this.documentation.get();
    let since = (await this.branches.find(request))?.commit;
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      const tree = await this.git.tree({ ...request, ...(since === undefined ? {} : { since }) }, signal);
      const branch = documentation.branch({ repository: tree.repositoryId, branch: tree.branch });
      const done = await documentation.withRepository(tree.repositoryId, () => this.take({ request, signal, tell }, tree, branch, since));
      if (done !== undefined) return { repository: request.repository, branch: tree.branch, commit: tree.commit, ...done, ...totals(branch), tookMs: Math.round(performance.now() - begun) };
      since = branch.commit;
    }
    throw retryable('CASC_DOCS_BUSY', 'The branch moved again and again while it was indexed.');
  }

  /** Nothing when the tree was asked for relative to another commit than the one at which the branch is by now. */
  private async take({ request, signal, tell }: Job, tree: Tree, branch: IndexedBranch, since: string | undefined): Promise<Done | undefined> {
    signal.throwIfAborted();
    const isLoaded = await this.load(branch, tree.repositoryId);
    if (branch.commit !== since) return undefined;
    const changes = isLoaded && tree.since === undefined ? differences(branch, tree) : tree;
    branch.isChanging = changes.files.length + changes.removed.length > 0;
    try {
      const { files, ...counts } = await this.reader.read({ ...tree, files: changes.files }, signal, (done, total) => tell(tree.branch, 'parsing', done, total));
      signal.throwIfAborted();
      tell(tree.branch, 'storing', 0, files.length);
      const how = await this.write(branch, tree.commit, { files, removed: changes.removed }, isLoaded);
      await this.documentation.get().indexed(branch.scope, request.repository, request.branch !== undefined);
      branch.hasFailed = false;
      return { how, ...counts };
    } finally {
      branch.isChanging = false;
    }
  }

  /** A branch whose facts are kept nowhere and whose files git has no longer either is indexed as if it never had been. */
  private async load(branch: IndexedBranch, repositoryId: string): Promise<boolean> {
    try {
      return await branch.load(this.reader.factsOf(repositoryId));
    } catch (error) {
      if (!isCascadeError(error) || error.code !== 'CASC_BLOB_MISSING') throw error;
      Object.assign(branch, { commit: undefined, isLost: true });
      return false;
    }
  }

  private async write(branch: IndexedBranch, commit: string, { files, removed }: { readonly files: CommitFacts['files']; readonly removed: readonly string[] }, isLoaded: boolean): Promise<Indexed['how']> {
    const documentation = this.documentation.get();
    if (isLoaded) return await documentation.change(branch, commit, { put: files, remove: removed }) ? 'changed' : 'unchanged';
    const wasLost = branch.isLost;
    await documentation.replace(branch, commit, files, this.reader.factsOf);
    return wasLost ? 'rebuilt' : 'whole';
  }
}

/** For a commit that git cannot compare with the indexed one: the whole tree against what is indexed. */
function differences(branch: IndexedBranch, tree: Tree): Pick<Tree, 'files' | 'removed'> {
  const indexed = branch.blobs();
  const listed = new Set(tree.files.map(({ path }) => path));
  return { files: tree.files.filter(({ path, blob }) => indexed.get(path) !== blob), removed: [...indexed.keys()].filter((path) => !listed.has(path)) };
}

function totals({ model }: IndexedBranch): Pick<Indexed, 'files' | 'functions' | 'classes' | 'pages' | 'edges'> {
  const { files, functions, classes, documents, edges } = model!.stats();
  return {
    files: files.source + files.document + files.skipped, functions, classes, pages: documents,
    edges: Object.values<number>(edges).reduce((sum, count) => sum + count, 0),
  };
}
