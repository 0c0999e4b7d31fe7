import { Injectable } from '@nestjs/common';
import { gitReadFiles, newEventId, terminal, type ReplyOf } from '@cascade/contracts';
import { artefactPlace, type CascadeRecord, type FoundCascade } from '@cascade/state';
import { ApiConfig } from '../api-config.js';
import { Partitions } from '../partitions.js';

/** Bound of one artefact in bytes. */
export const MAX_ARTEFACT_BYTES = 1_000_000;
/** Most files that are listed of one commit. */
export const MAX_FILES = 5_000;

interface Read {
  readonly reply: ReplyOf<typeof gitReadFiles>;
  readonly commit: string;
}

export interface Artefact {
  readonly text: string;
  /** Where it was read. */
  readonly commit: string;
}

/** What cascades have written so far, read from Cascade's own copy of the repository by git-worker. */
@Injectable()
export class Artefacts {
  constructor(private readonly partitions: Partitions, private readonly config: ApiConfig) {}

  /** Throws `CASC_CASCADE_UNKNOWN`, `CASC_NOTHING_TO_SHOW` (terminal), and `CASC_COMMAND_TIMEOUT` (retryable) when no git-worker answers. */
  async list(id: string, wanted?: string): Promise<{ commit: string; files: { path: string; bytes: number }[]; more: boolean }> {
    const { reply, commit } = await this.read(await this.partitions.cascades.require(id), [], wanted);
    return { commit, files: reply.entries.slice(0, MAX_FILES), more: reply.entries.length > MAX_FILES };
  }

  /** One file as text. Throws what `list` does. */
  async get(id: string, path: string, wanted?: string): Promise<Artefact> {
    return this.text(await this.partitions.cascades.require(id), path, wanted);
  }

  /** The report of a completed cascade. Throws what `list` does. */
  async report(id: string): Promise<Artefact> {
    const found = await this.partitions.cascades.require(id);
    const path = reportPath(found.record);
    if (path === undefined) throw terminal('CASC_NOTHING_TO_SHOW', `Cascade ${id} has no report: it is ${found.record.state}.`);
    return this.text(found, path);
  }

  private async text(found: FoundCascade, path: string, wanted?: string): Promise<Artefact> {
    const { reply: { files, omitted }, commit } = await this.read(found, [path], wanted);
    if (files[0] !== undefined) return { text: files[0].text, commit };
    const why = { missing: 'is not there', binary: 'is no text', 'too-large': `is larger than ${MAX_ARTEFACT_BYTES} bytes` }[omitted[0]?.reason ?? 'missing'];
    throw terminal('CASC_NOTHING_TO_SHOW', `${JSON.stringify(path.slice(0, 200))} ${why}.`, { advice: `GET /v1/cascades/${found.record.id}/artefacts lists what there is.` });
  }

  private async read({ redis, record }: FoundCascade, paths: string[], wanted?: string): Promise<Read> {
    const place = await artefactPlace(redis, record, wanted);
    if (place === undefined) throw terminal('CASC_NOTHING_TO_SHOW', wanted === undefined ? `Cascade ${record.id} has written nothing yet.` : `${wanted} is no commit of cascade ${record.id}.`);
    const timeoutMs = this.config.answerMs;
    const reply = await this.partitions.with(redis).commands.send(gitReadFiles, { ...place, paths, maxBytes: MAX_ARTEFACT_BYTES }, { key: newEventId(), cascadeId: 'cascade-api', signal: AbortSignal.timeout(timeoutMs), timeoutMs });
    return { reply, commit: place.commit };
  }
}

/** Where the report of a cascade is in its result; undefined for one that has none. */
export function reportPath({ summary }: CascadeRecord): string | undefined {
  const epic = /^cascade\/(\d+)-/.exec(summary?.branch ?? '')?.[1];
  return epic === undefined ? undefined : `docs/qa/reports/epic-${epic}-report.md`;
}
