import { Injectable } from '@nestjs/common';
import { gitReadFiles, gitReadTip, gitShowChange, isCascadeError, reportPath, terminal, type ReplyOf } from '@cascade/contracts';
import { artefactPlace, isTerminal, taskCommits, workCommits, type ArtefactPlace, type CascadeRecord, type FoundCascade } from '@cascade/state';
import type { Redis } from 'ioredis';
import { Partitions } from '../partitions.js';

/** Bound of one artefact in bytes. */
export const MAX_ARTEFACT_BYTES = 1_000_000;
/** Bound of a diff in bytes. */
export const MAX_CHANGE_BYTES = 500_000;
/** Most files that are listed of one commit. */
export const MAX_FILES = 5_000;
/** Commits of tasks in which a file is looked for that is not in the newest one. */
const MAX_SEARCHED = 10;

interface Read {
  readonly reply: ReplyOf<typeof gitReadFiles>;
  readonly place: ArtefactPlace;
}

export interface Artefact {
  readonly text: string;
  /** Where it was read. */
  readonly commit: string;
}

/** What cascades have written so far, read from Cascade's own copy of the repository by git-worker. */
@Injectable()
export class Artefacts {
  constructor(private readonly partitions: Partitions) {}

  /** Throws `CASC_CASCADE_UNKNOWN`, `CASC_NOTHING_TO_SHOW` (terminal), and `CASC_COMMAND_TIMEOUT` (retryable) when no git-worker answers. */
  async list(id: string, wanted?: string): Promise<{ commit: string; files: { path: string; bytes: number }[]; more: boolean }> {
    const { reply, place: { commit } } = await this.read(await this.partitions.cascades.require(id), [], wanted);
    return { commit, files: reply.entries.slice(0, MAX_FILES), more: reply.entries.length > MAX_FILES };
  }

  /** One file as text. Throws what `list` does. */
  async get(id: string, path: string, wanted?: string): Promise<Artefact> {
    return this.text(await this.partitions.cascades.require(id), path, wanted);
  }

  /** The report of a completed cascade. Throws what `list` does. */
  async report(id: string): Promise<Artefact> {
    const found = await this.partitions.cascades.require(id);
    const path = reportPathOf(found.record);
    if (path === undefined) throw terminal('CASC_NOTHING_TO_SHOW', `Cascade ${id} has no report: it is ${found.record.state}.`);
    return this.text(found, path);
  }

  /** What a cascade, or one task of it, changed. Throws what `list` does. */
  async change(id: string, taskId?: string): Promise<{ commit: string; diff: string; cut: boolean }> {
    const found = await this.partitions.cascades.require(id);
    const { repositoryId, commit: newest, base } = await this.place(found, taskId === undefined ? undefined : (await taskCommits(found.redis, id, taskId))[0]);
    const { commit, text, cut } = await this.partitions.with(found.redis).ask(gitShowChange, { cascadeId: id, repositoryId, commit: newest, since: base, taskId, maxBytes: MAX_CHANGE_BYTES });
    if (commit === undefined) throw terminal('CASC_NOTHING_TO_SHOW', `Nothing of task ${taskId} of cascade ${id} is in the result (yet).`);
    return { commit, diff: text, cut };
  }

  /** Without a commit, what a task wrote and nobody merged yet is looked for, too. */
  private async text(found: FoundCascade, path: string, wanted?: string): Promise<Artefact> {
    let { reply: { files, omitted }, place } = await this.read(found, [path], wanted);
    if (wanted === undefined && found.record.summary === undefined && omitted[0]?.reason === 'missing') {
      for (const commit of (await workCommits(found.redis, found.record.id)).slice(0, MAX_SEARCHED)) {
        if (files[0] !== undefined) break;
        place = { ...place, commit };
        ({ files, omitted } = await this.readAt(found.redis, place, [path]));
      }
    }
    if (files[0] !== undefined) return { text: files[0].text, commit: place.commit };
    const why = { missing: 'is not there', binary: 'is no text', 'too-large': `is larger than ${MAX_ARTEFACT_BYTES} bytes` }[omitted[0]?.reason ?? 'missing'];
    throw terminal('CASC_NOTHING_TO_SHOW', `${JSON.stringify(path.slice(0, 200))} ${why}.`, { advice: `GET /v1/cascades/${found.record.id}/artefacts lists what there is.` });
  }

  private async read(found: FoundCascade, paths: string[], wanted?: string): Promise<Read> {
    const place = await this.place(found, wanted);
    return { reply: await this.readAt(found.redis, place, paths), place };
  }

  /** The named commit, or the newest one. */
  private async place(found: FoundCascade, wanted?: string): Promise<ArtefactPlace> {
    const { redis, record } = found;
    const place = await artefactPlace(redis, record, wanted) ?? await this.tipPlace(found, wanted);
    if (place === undefined) throw terminal('CASC_NOTHING_TO_SHOW', wanted === undefined ? `Cascade ${record.id} has written nothing yet.` : `${wanted} is no commit of cascade ${record.id}.`);
    return wanted === undefined && isUnfinished(record) ? { ...place, commit: await this.tip(found, place.repositoryId) ?? place.commit } : place;
  }

  /** A commit that is named may be where the integration branch is now. */
  private async tipPlace(found: FoundCascade, wanted: string | undefined): Promise<ArtefactPlace | undefined> {
    if (wanted === undefined || !isUnfinished(found.record)) return undefined;
    const known = await artefactPlace(found.redis, found.record);
    return known !== undefined && await this.tip(found, known.repositoryId) === wanted ? { ...known, commit: wanted } : undefined;
  }

  /** The newest commit of the integration branch; undefined when there is none (any more). */
  private async tip({ redis, record: { id } }: FoundCascade, repositoryId: string): Promise<string | undefined> {
    try {
      return (await this.partitions.with(redis).ask(gitReadTip, { cascadeId: id, repositoryId })).commit;
    } catch (error) {
      if (isCascadeError(error) && error.code === 'CASC_CASCADE_NOT_OPEN') return undefined;
      throw error;
    }
  }

  private readAt(redis: Redis, { repositoryId, commit }: ArtefactPlace, paths: string[]): Promise<Read['reply']> {
    return this.partitions.with(redis).ask(gitReadFiles, { repositoryId, commit, paths, maxBytes: MAX_ARTEFACT_BYTES });
  }
}

const isUnfinished = ({ state, summary }: CascadeRecord): boolean => summary === undefined && !isTerminal(state);

/** Where the report of a cascade is in its result; undefined for one that has none. */
export function reportPathOf({ summary }: CascadeRecord): string | undefined {
  const epic = /^cascade\/(\d+)-/.exec(summary?.branch ?? '')?.[1];
  return epic === undefined ? undefined : reportPath(epic);
}
