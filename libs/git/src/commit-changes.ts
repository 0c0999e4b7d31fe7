import { MAX_CARRIED_BYTES, MAX_CARRIED_CHANGES, type TreeList } from '@cascade/contracts';
import type { CachedRepository } from './cached-repository.js';
import { kindOf, listChanges } from './file-list.js';
import type { ObjectConversation } from './object-conversation.js';

/** Of both commits. More are for `git diff-tree`. */
const MAX_FEW_FOLDERS = 512;
const MAX_FOLDER_BYTES = 16 * 1024 * 1024;

export interface Changes {
  readonly list: TreeList;
  /** Bytes of changed files by blob: of all that have room where there are few, of none where there are many. */
  readonly contents: ReadonlyMap<string, Buffer>;
}

interface Entry {
  readonly path: string;
  readonly mode: string;
  readonly oid: string;
}

/** A folder whose entries differ; undefined where a commit does not have it. */
interface Folder {
  readonly path: string;
  readonly old?: string | undefined;
  readonly now?: string | undefined;
}

/** Old programs wrote it with a zero before. */
const isFolderMode = (mode: string | undefined): boolean => mode === '40000' || mode === '040000';

/** What is another in `commit` than in `since`, with the bytes of the changed files where it is little; nothing when the cache lacks `since`. Throws `CASC_REPOSITORY_TOO_LARGE`. */
export async function changesSince(repository: CachedRepository, since: string, commit: string, signal?: AbortSignal): Promise<Changes | undefined> {
  if (since === commit) return { list: { files: [], removed: [] }, contents: new Map() };
  const few = await fewChanges(repository, since, commit, signal);
  if (few !== undefined) return few;
  const list = await listChanges(repository, since, commit, signal);
  return list === undefined ? undefined : { list, contents: new Map() };
}

/** All from one git process, because starting one costs more than what it does here. Nothing when there is more than few, or a commit is not there. */
async function fewChanges(repository: CachedRepository, since: string, commit: string, signal?: AbortSignal): Promise<Changes | undefined> {
  return await repository.withObjects(async (objects) => {
    const list = await compare(objects, [{ path: '', old: `${since}^{tree}`, now: `${commit}^{tree}` }], commit.length / 2);
    return list === undefined ? undefined : { list, contents: await contentsOf(objects, list) };
  }, signal);
}

async function compare(objects: ObjectConversation, roots: readonly Folder[], oidBytes: number): Promise<TreeList | undefined> {
  const list: TreeList = { files: [], removed: [] };
  let [room, left] = [MAX_FOLDER_BYTES, MAX_FEW_FOLDERS];
  for (let folders = roots; folders.length > 0;) {
    const names = folders.flatMap(({ old, now }) => [old, now].filter((name) => name !== undefined));
    left -= names.length;
    const read = left < 0 ? undefined : await objects.contents(names, room);
    if (read === undefined || read.includes(undefined)) return undefined;
    room -= read.reduce((sum, content) => sum + content!.length, 0);
    const next = (name: string | undefined): Buffer => name === undefined ? Buffer.alloc(0) : read.shift()!;
    folders = folders.flatMap(({ path, old, now }) => differing(list, entriesOf(path, next(old), oidBytes), entriesOf(path, next(now), oidBytes)));
    if (list.files.length + list.removed.length > MAX_CARRIED_CHANGES) return undefined;
  }
  return list;
}

/** Notes the files that differ and gives the folders that do. A name may have become a folder, or have been one. */
function differing(list: TreeList, old: ReadonlyMap<string, Entry>, now: ReadonlyMap<string, Entry>): Folder[] {
  const folders: Folder[] = [];
  for (const name of new Set([...old.keys(), ...now.keys()])) {
    const [before, after] = [old.get(name), now.get(name)];
    if (before?.oid === after?.oid && before?.mode === after?.mode) continue;
    const [wasFolder, isFolder] = [isFolderMode(before?.mode), isFolderMode(after?.mode)];
    const { path } = (after ?? before)!;
    if (wasFolder || isFolder) folders.push({ path: `${path}/`, old: wasFolder ? before?.oid : undefined, now: isFolder ? after?.oid : undefined });
    if (after !== undefined && !isFolder) list.files.push({ path, blob: after.oid, kind: kindOf(after.mode) });
    else if (before !== undefined && !wasFolder) list.removed.push(path);
  }
  return folders;
}

/** A tree object: for each entry its mode in octal, a space, its name, a zero byte, the bytes of its id. */
function entriesOf(folder: string, tree: Buffer, oidBytes: number): Map<string, Entry> {
  const entries = new Map<string, Entry>();
  for (let at = 0; at < tree.length;) {
    const [space, zero] = [tree.indexOf(0x20, at), tree.indexOf(0, at)];
    if (space < 0 || zero < 0) break;
    const end = zero + 1 + oidBytes;
    // Names are bytes: two that are no UTF-8 may read the same.
    entries.set(tree.toString('latin1', space + 1, zero), { path: folder + tree.toString('utf8', space + 1, zero), mode: tree.toString('latin1', at, space), oid: tree.toString('hex', zero + 1, end) });
    at = end;
  }
  return entries;
}

async function contentsOf(objects: ObjectConversation, { files }: TreeList): Promise<ReadonlyMap<string, Buffer>> {
  const blobs = [...new Set(files.flatMap(({ kind, blob }) => kind === 'file' ? [blob] : []))];
  const infos = await objects.infos(blobs);
  let room = MAX_CARRIED_BYTES;
  const chosen = blobs.filter((_, at) => {
    const info = infos[at];
    if (info?.type !== 'blob' || info.bytes > room) return false;
    room -= info.bytes;
    return true;
  });
  const contents = await objects.contents(chosen, MAX_CARRIED_BYTES) ?? [];
  return new Map(chosen.flatMap((blob, at) => contents[at] === undefined ? [] : [[blob, contents[at]] as const]));
}
