import { Injectable } from '@nestjs/common';
import type { TreeList } from '@cascade/contracts';
import { factBounds, isReadable, type FileFacts, type FileToRead, type IndexedFile } from '@cascade/docs-graph';
import { GitSource, type Tree } from './git-source.js';
import type { ReadFacts } from './indexed-branch.js';
import { OpenedDocumentation } from './opened-documentation.js';
import { ReadSize } from './read-size.js';

type Listed = TreeList['files'][number];

/** What the files of a commit say, and how it was found out. */
export interface CommitFacts {
  readonly files: readonly IndexedFile[];
  readonly parsed: number;
  readonly reused: number;
  /** Files that say nothing, by reason. */
  readonly skipped: Readonly<Record<string, number>>;
}

/** Files of a commit of which the facts are wanted, and bytes by blob of those that were read already. */
export type ListedFiles = Pick<Tree, 'repositoryId' | 'files' | 'contents'>;

/** Told while files are read: how many of those that have to be. */
export type TellParsed = (done: number, total: number) => void;

/** Paths that git does not decode, or that would end a source's line: nobody could cite them. */
const isUncitable = (path: string): boolean => /[\u0000-\u001f\u007f\ufffd]/.test(path) || path.length > 1024;

/** Longer than any branch takes that may be indexed. */
const LOAD_MS = 10 * 60_000;

/** Brings a commit's files to facts: by their blobs from the cache, and what is not there yet through the parsers. */
@Injectable()
export class CommitReader {
  constructor(private readonly documentation: OpenedDocumentation, private readonly git: GitSource) {}

  /** For branches that are in the store: no file of theirs is new. */
  readonly factsOf = (repositoryId: string): ReadFacts => async (files) => {
    const listed = files.map((file) => ({ ...file, kind: 'file' as const }));
    return (await this.read({ repositoryId, files: listed, contents: new Map() }, AbortSignal.any([this.documentation.closed, AbortSignal.timeout(LOAD_MS)]), () => undefined)).files;
  };

  /** Throws `CASC_DOCS_TOO_LARGE`, and what the git commands and the parsers throw; a cancelled error when `signal` aborts. */
  async read(changes: ListedFiles, signal: AbortSignal, tell: TellParsed): Promise<CommitFacts> {
    const listed = changes.files;
    const files: IndexedFile[] = [];
    const unknown: Listed[] = [];
    const { facts: cache } = this.documentation.get();
    const skipped: Record<string, number> = {};
    const size = new ReadSize();
    for (const file of listed) {
      signal.throwIfAborted();
      const reason = reasonToPass(file);
      // Given on without facts, because it may take the place of a file that had some.
      if (reason !== undefined) files.push(without(file, 'unsupported'));
      const facts = reason === undefined ? cache.get(file.blob, file.path) : undefined;
      if (facts !== undefined) size.add(facts);
      if (facts !== undefined) files.push({ path: file.path, blob: file.blob, facts });
      else if (reason === undefined) unknown.push(file);
      if (reason !== undefined) skipped[reason] = (skipped[reason] ?? 0) + 1;
    }
    const reused = listed.length - unknown.length;
    for await (const file of this.parse(changes, unknown, signal)) {
      size.add(file.facts);
      files.push(file);
      tell(files.length - reused, unknown.length);
    }
    for (const { facts } of files) {
      if (facts.status === 'skipped' && facts.reason !== 'unsupported') skipped[facts.reason] = (skipped[facts.reason] ?? 0) + 1;
    }
    return { files, parsed: unknown.length, reused: reused - files.filter(isUnsupported).length, skipped };
  }

  /** Each is in the cache before the next is given: an indexing that is killed begins where it was. */
  private async *parse({ repositoryId, contents: known }: ListedFiles, unknown: readonly Listed[], signal: AbortSignal): AsyncGenerator<IndexedFile> {
    const { facts: cache, parsers } = this.documentation.get();
    const byBlob = Map.groupBy(unknown, ({ blob }) => blob);
    const tooLarge: Listed[] = [];
    const contents = this.git.contents(repositoryId, [...byBlob.keys()], known, factBounds.fileBytes, signal);
    const toRead = async function* (): AsyncGenerator<FileToRead> {
      for await (const { blob, bytes } of contents) {
        const bearers = byBlob.get(blob) ?? [];
        if (bytes === undefined) tooLarge.push(...bearers);
        else for (const { path } of bearers) yield { path, blob, bytes };
      }
    };
    for await (const read of parsers.read(toRead(), signal)) {
      if (read.json !== undefined) cache.put(read.blob, read.path, read.json);
      yield { path: read.path, blob: read.blob, facts: read.facts };
    }
    for (const file of tooLarge.map((one) => without(one, 'too-large'))) {
      cache.put(file.blob, file.path, JSON.stringify(file.facts));
      yield file;
    }
  }
}

function reasonToPass({ path, kind }: Listed): string | undefined {
  if (kind !== 'file') return kind;
  if (isUncitable(path)) return 'odd-name';
  return isReadable(path) ? undefined : 'unsupported';
}

const without = ({ path, blob }: Listed, reason: Extract<FileFacts, { status: 'skipped' }>['reason']): IndexedFile => ({ path, blob, facts: { status: 'skipped', path, reason } });
const isUnsupported = ({ facts }: IndexedFile): boolean => facts.status === 'skipped' && facts.reason === 'unsupported';
