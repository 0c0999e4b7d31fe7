import { Controller, Res } from '@nestjs/common';
import { entryMs, redisKeys } from '@cascade/contracts';
import { fieldsOf } from '@cascade/streams';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { getArtefact, getChange, getReport, getTranscript, listArtefacts } from '../contract/cascade-operations.js';
import type { AnswerOf, InputOf } from '../contract/operation.js';
import { Implements, Input } from '../http/implements.js';
import { Partitions } from '../partitions.js';
import { Artefacts } from './artefacts.js';

/** A page of the transcript ends after so many characters. */
export const MAX_TRANSCRIPT_CHARACTERS = 2_000_000;

const chatEvent = z.looseObject({ type: z.string() });

/** What cascades have written so far, and what was said. */
@Controller()
export class ArtefactsController {
  constructor(private readonly partitions: Partitions, private readonly artefacts: Artefacts) {}

  @Implements(listArtefacts)
  list(@Input() { params: { id }, query: { commit } }: InputOf<typeof listArtefacts>): Promise<AnswerOf<typeof listArtefacts>> {
    return this.artefacts.list(id, commit);
  }

  /** Always plain text, whatever the file is called: nothing in it is to run in a browser. */
  @Implements(getArtefact)
  async get(@Input() { params: { id, path }, query: { commit } }: InputOf<typeof getArtefact>, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    const artefact = await this.artefacts.get(id, path, commit);
    const place = `/v1/cascades/${id}/artefacts/${path.split('/').map(encodeURIComponent).join('/')}?commit=${artefact.commit}`;
    void reply.type('text/plain; charset=utf-8').header('content-location', place);
    return artefact.text;
  }

  @Implements(getReport)
  async report(@Input() { params: { id } }: InputOf<typeof getReport>, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    const { text } = await this.artefacts.report(id);
    void reply.type('text/markdown; charset=utf-8');
    return text;
  }

  @Implements(getChange)
  change(@Input() { params: { id }, query: { task } }: InputOf<typeof getChange>): Promise<AnswerOf<typeof getChange>> {
    return this.artefacts.change(id, task);
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
      messages.push({ number: entryMs(entry[0]), at: fields['at'] ?? '', event: chatEvent.parse(JSON.parse(fields['event'] ?? '{}')) });
    }
    return { messages, next: messages.at(-1)?.number ?? after };
  }
}
