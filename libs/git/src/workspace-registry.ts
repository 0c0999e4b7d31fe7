import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';

/** A workspace's id and folder name: its task, and the token of the handling that opened it. */
export const workspaceIdPattern = /^ws-[0-9a-f]{32}(?:-[0-9]{1,16})?$/;

const workspaceRecord = z.object({
  workspaceId: z.string().regex(workspaceIdPattern),
  cascadeId: z.string(),
  repositoryId: z.string().regex(/^[a-z0-9][a-z0-9-]{0,80}$/),
  key: z.string(),
  base: z.string().regex(/^[0-9a-f]{40,64}$/),
  state: z.enum(['opening', 'ready']),
  /** Who opens it: an opening of a process that is gone was cut short. */
  host: z.string(),
  pid: z.number().int(),
  since: z.number(),
});
export type WorkspaceRecord = z.output<typeof workspaceRecord>;

/** An opening this old was cut short, wherever its process was. */
const OPENING_MS = 60 * 60_000;

/** A hash, so that nothing of a key reaches the file system. `fence` tells apart who opened the key at different times. */
export function workspaceIdOf(cascadeId: string, key: string, fence?: number): string {
  const task = `ws-${createHash('sha256').update(`${cascadeId}\n${key}`).digest('hex').slice(0, 32)}`;
  return fence === undefined ? task : `${task}-${fence}`;
}

/** What all workspaces of one key have in common, and what their commits' ref is called by. */
export const taskOf = (workspaceId: string): string => workspaceId.split('-', 2).join('-');

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Says which workspaces exist or are being made, one small file each, written whole before git is started: after a kill
 * it tells what may be half made.
 */
export class WorkspaceRegistry {
  constructor(private readonly folder: string) {}

  private file(workspaceId: string): string {
    return join(this.folder, `${workspaceId}.json`);
  }

  async save(record: Omit<WorkspaceRecord, 'host' | 'pid' | 'since'>): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    const temporary = join(this.folder, `.${randomUUID()}`);
    await writeFile(temporary, JSON.stringify({ ...record, host: hostname(), pid: process.pid, since: Date.now() } satisfies WorkspaceRecord));
    await rename(temporary, this.file(record.workspaceId));
  }

  async find(workspaceId: string): Promise<WorkspaceRecord | undefined> {
    const text = await readFile(this.file(workspaceId), 'utf8').catch(() => undefined);
    if (text === undefined) return undefined;
    const parsed = workspaceRecord.safeParse(parseJson(text));
    return parsed.success ? parsed.data : undefined;
  }

  async forget(workspaceId: string): Promise<void> {
    await rm(this.file(workspaceId), { force: true });
  }

  /** All records, sorted by id. */
  async all(): Promise<WorkspaceRecord[]> {
    const names = (await readdir(this.folder).catch(() => [])).map((name) => name.replace(/\.json$/, '')).filter((name) => workspaceIdPattern.test(name));
    const records = await Promise.all(names.toSorted().map((name) => this.find(name)));
    return records.filter((record) => record !== undefined);
  }
}

/** Whether the process that was opening a workspace can no longer finish it. */
export function wasCutShort(record: WorkspaceRecord, now: number = Date.now()): boolean {
  if (record.state !== 'opening') return false;
  if (now - record.since > OPENING_MS) return true;
  if (record.host !== hostname()) return false;
  try {
    process.kill(record.pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
