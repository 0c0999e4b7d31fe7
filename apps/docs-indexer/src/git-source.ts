import { Injectable } from '@nestjs/common';
import { gitExportBlobs, gitListTree, newEventId, retryable, terminal, treeList, type CommandDefinition, type ReplyOf, type RequestOf, type TreeList } from '@cascade/contracts';
import { ExportStore } from '@cascade/service-host';
import { CommandClient } from '@cascade/streams';

/** Names our commands among those of cascades. */
const CALLER = 'docs-indexer';
/** As long as git-worker gives to a transfer; then nobody waits, whether it is busy or not there. */
const COMMAND_MS = 10 * 60_000;
/** Held in memory at once: what is parsed, and what is read meanwhile. */
const BATCH_BYTES = 8_000_000;
const BATCH_BLOBS = 2_000;

/** `contents`: bytes by blob of what was read with the list. */
export type Tree = Omit<ReplyOf<typeof gitListTree>, 'list'> & TreeList & { readonly contents: ReadonlyMap<string, Uint8Array> };

/** A blob's bytes; undefined for one that is larger than was asked for. */
export interface BlobContent {
  readonly blob: string;
  readonly bytes: Uint8Array | undefined;
}

/** Trees and contents of repositories, by way of git-worker and the store that is shared with it. */
@Injectable()
export class GitSource {
  constructor(private readonly commands: CommandClient, private readonly exports: ExportStore) {}

  /** Throws what `git.list_tree` throws, `CASC_EXPORT_MISSING` and `CASC_EXPORT_INVALID`. */
  async tree(request: RequestOf<typeof gitListTree>, signal: AbortSignal): Promise<Tree> {
    const { list, ...tree } = await this.send(gitListTree, request, signal);
    if (typeof list !== 'string') return { ...tree, ...list, contents: new Map(list.contents.map(({ blob, base64 }) => [blob, Buffer.from(base64, 'base64')])) };
    const parsed = treeList.safeParse(JSON.parse(String(await this.take(list))));
    if (!parsed.success) throw terminal('CASC_EXPORT_INVALID', 'The list of a commit\'s files is not what git-worker promises.', { advice: 'Run the same version of all services.' });
    return { ...tree, ...parsed.data, contents: new Map() };
  }

  /** Contents of blobs in some order, each once, `known` ones as they are; the next ones are read while the caller works. Throws what `git.export_blobs` throws, and `CASC_BLOB_MISSING`. */
  async *contents(repositoryId: string, blobs: readonly string[], known: Tree['contents'], eachBytes: number, signal: AbortSignal): AsyncGenerator<BlobContent> {
    const distinct = [...new Set(blobs)];
    let wanted = distinct.filter((blob) => !known.has(blob));
    const next = (): Promise<ReplyOf<typeof gitExportBlobs>> | undefined => {
      const batch = wanted.slice(0, BATCH_BLOBS);
      if (batch.length === 0) return undefined;
      const asked = this.send(gitExportBlobs, { repositoryId, blobs: batch, eachBytes, allBytes: BATCH_BYTES }, signal);
      asked.catch(() => undefined); // thrown where it is awaited
      return asked;
    };
    const first = next();
    for (const blob of distinct) if (known.has(blob)) yield { blob, bytes: known.get(blob) };
    for (let coming = first; coming !== undefined;) {
      const reply = await coming;
      wanted = [...reply.left, ...wanted.slice(BATCH_BLOBS)];
      coming = next();
      yield* this.split(reply);
    }
  }

  private async *split({ content, blobs, omitted }: ReplyOf<typeof gitExportBlobs>): AsyncGenerator<BlobContent> {
    for (const { blob, reason } of omitted) {
      if (reason === 'missing') throw retryable('CASC_BLOB_MISSING', `Blob ${blob.slice(0, 12)} is not in the cache of the repository.`, { advice: 'Run `git fsck` in the repository; the cache (CASCADE_CACHE) can be deleted.' });
      yield { blob, bytes: undefined };
    }
    const bytes = await this.take(content);
    for (const { blob, offset, bytes: length } of blobs) yield { blob, bytes: bytes.subarray(offset, offset + length) };
  }

  private async take(name: string): Promise<Buffer> {
    const content = await this.exports.get(name);
    if (content === undefined) throw retryable('CASC_EXPORT_MISSING', 'What git-worker wrote for docs-indexer is not in the store.', { advice: 'Both need the same CASCADE_STORE, on a volume that they share.' });
    return content;
  }

  private send<D extends CommandDefinition>(definition: D, request: RequestOf<D>, signal: AbortSignal): Promise<ReplyOf<D>> {
    // Asked again it shall be done again: a branch moves, and what was exported is soon removed.
    return this.commands.send(definition, request, { key: newEventId(), cascadeId: CALLER, signal, timeoutMs: COMMAND_MS });
  }
}
