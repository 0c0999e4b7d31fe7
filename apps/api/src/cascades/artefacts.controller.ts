import { Controller, Res } from '@nestjs/common';
import { gitReadFiles, newEventId, redisKeys, terminal, type ReplyOf } from '@cascade/contracts';
import { artefactPlace, type FoundCascade } from '@cascade/state';
import { fieldsOf } from '@cascade/streams';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { ApiConfig } from '../api-config.js';
import { getArtefact, getReport, getTranscript, listArtefacts } from '../contract/cascade-operations.js';
import type { AnswerOf, InputOf } from '../contract/operation.js';
import { Implements, Input } from '../http/implements.js';
import { Partitions } from '../partitions.js';

/** Bound of one artefact in bytes. */
export const MAX_ARTEFACT_BYTES = 1_000_000;
/** Most files that are listed of one commit. */
export const MAX_FILES = 5_000;
/** A page of the transcript ends after so many characters. */
export const MAX_TRANSCRIPT_CHARACTERS = 2_000_000;

const chatEvent = z.looseObject({ type: z.string() });

/** What cascades have written so far, read from Cascade's own copy of the repository by git-worker. */
@Controller()
export class ArtefactsController {
  constructor(private readonly partitions: Partitions, private readonly config: ApiConfig) {}

  @Implements(listArtefacts)
  async list(@Input() { params: { id }, query: { commit } }: InputOf<typeof listArtefacts>): Promise<AnswerOf<typeof listArtefacts>> {
    const { reply, at } = await this.read(await this.partitions.cascades.require(id), [], commit);
    return { commit: at, files: reply.entries.slice(0, MAX_FILES), more: reply.entries.length > MAX_FILES };
  }

  /** Always plain text, whatever the file is called: nothing in it is to run in a browser. */
  @Implements(getArtefact)
  async get(@Input() { params: { id, path }, query: { commit } }: InputOf<typeof getArtefact>, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    const text = await this.text(await this.partitions.cascades.require(id), path, commit);
    void reply.type('text/plain; charset=utf-8');
    return text;
  }

  @Implements(getReport)
  async report(@Input() { params: { id } }: InputOf<typeof getReport>, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    const found = await this.partitions.cascades.require(id);
    const epic = /^cascade\/(\d+)-/.exec(found.record.summary?.branch ?? '')?.[1];
    if (epic === undefined) throw terminal('CASC_NOTHING_TO_SHOW', `Cascade ${id} has no report: it is ${found.record.state}.`);
    const text = await this.text(found, `docs/qa/reports/epic-${epic}-report.md`);
    void reply.type('text/markdown; charset=utf-8');
    return text;
  }

  /** Entries of the chat have the numbers 1, 2, … as ids. */
  @Implements(getTranscript)
  async transcript(@Input() { params: { id }, query: { after, limit } }: InputOf<typeof getTranscript>): Promise<AnswerOf<typeof getTranscript>> {
    const { redis } = await this.partitions.cascades.require(id);
    const messages: AnswerOf<typeof getTranscript>['messages'] = [];
    for (let characters = 0; messages.length < limit && characters < MAX_TRANSCRIPT_CHARACTERS;) {
      const number = (messages.at(-1)?.number ?? after) + 1;
      const [entry] = await redis.xrange(redisKeys.chat(id), `${number}-0`, '+', 'COUNT', 1);
      if (entry === undefined) return { messages };
      const fields = fieldsOf(entry[1]);
      characters += fields['event']?.length ?? 0;
      messages.push({ number: Number(entry[0].split('-')[0]), at: fields['at'] ?? '', event: chatEvent.parse(JSON.parse(fields['event'] ?? '{}')) });
    }
    return { messages, next: messages.at(-1)?.number ?? after };
  }

  private async text(found: FoundCascade, path: string, commit?: string): Promise<string> {
    const { reply: { files, omitted } } = await this.read(found, [path], commit);
    if (files[0] !== undefined) return files[0].text;
    const why = { missing: 'is not there', binary: 'is no text', 'too-large': `is larger than ${MAX_ARTEFACT_BYTES} bytes` }[omitted[0]?.reason ?? 'missing'];
    throw terminal('CASC_NOTHING_TO_SHOW', `${JSON.stringify(path.slice(0, 200))} ${why}.`, { advice: `GET /v1/cascades/${found.record.id}/artefacts lists what there is.` });
  }

  private async read({ redis, record }: FoundCascade, paths: string[], wanted?: string): Promise<{ readonly reply: ReplyOf<typeof gitReadFiles>; readonly at: string }> {
    const place = await artefactPlace(redis, record, wanted);
    if (place === undefined) throw terminal('CASC_NOTHING_TO_SHOW', wanted === undefined ? `Cascade ${record.id} has written nothing yet.` : `${wanted} is no commit of cascade ${record.id}.`);
    const timeoutMs = this.config.answerMs;
    const reply = await this.partitions.with(redis).commands.send(gitReadFiles, { ...place, paths, maxBytes: MAX_ARTEFACT_BYTES }, { key: newEventId(), cascadeId: 'cascade-api', signal: AbortSignal.timeout(timeoutMs), timeoutMs });
    return { reply, at: place.commit };
  }
}
