import { Controller, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { cancelCascade, getCascade, giveInput, listCascades, retryCascade, startCascade } from '../contract/cascade-operations.js';
import type { AnswerOf, InputOf } from '../contract/operation.js';
import { decodeCursor, encodeCursor } from '../contract/paging.js';
import { ClientName } from '../http/client-name.js';
import { Implements, Input } from '../http/implements.js';
import { Partitions } from '../partitions.js';
import { CascadeSteering } from './cascade-steering.js';
import { shortView } from './cascade-view.js';
import { StartCascade } from './start-cascade.js';

const place = z.strictObject({ at: z.number(), id: z.string().max(200) });

/** Starts cascades, shows and steers them. */
@Controller()
export class CascadesController {
  constructor(private readonly partitions: Partitions, private readonly starter: StartCascade, private readonly steering: CascadeSteering) {}

  @Implements(startCascade)
  async start(@Input() { body, headers }: InputOf<typeof startCascade>, @ClientName() client: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<AnswerOf<typeof startCascade>> {
    return started(await this.starter.start(body, client, headers['idempotency-key']), reply);
  }

  /** A page ends where its last cascade was asked for; one whose record has expired is passed over. */
  @Implements(listCascades)
  async list(@Input() { query: { limit, cursor } }: InputOf<typeof listCascades>): Promise<AnswerOf<typeof listCascades>> {
    const records = await this.partitions.cascades.list(limit, decodeCursor(place, cursor));
    const last = records.at(-1);
    return { cascades: records.map(shortView), ...(last === undefined || records.length < limit ? {} : { next: encodeCursor({ at: Date.parse(last.createdAt), id: last.id }) }) };
  }

  @Implements(getCascade)
  get(@Input() { params: { id } }: InputOf<typeof getCascade>): Promise<AnswerOf<typeof getCascade>> {
    return this.steering.view(id);
  }

  @Implements(cancelCascade)
  cancel(@Input() { params: { id }, body: { reason } }: InputOf<typeof cancelCascade>): Promise<AnswerOf<typeof cancelCascade>> {
    return this.steering.cancel(id, reason);
  }

  @Implements(retryCascade)
  async retry(@Input() { params: { id } }: InputOf<typeof retryCascade>, @Res({ passthrough: true }) reply: FastifyReply): Promise<AnswerOf<typeof retryCascade>> {
    return started(await this.steering.retry(id), reply);
  }

  @Implements(giveInput)
  answer(@Input() { params: { id }, body: { name, answer } }: InputOf<typeof giveInput>): Promise<AnswerOf<typeof giveInput>> {
    return this.steering.answer(id, name, answer);
  }
}

function started(id: string, reply: FastifyReply): { id: string; state: 'running' } {
  void reply.header('location', `/v1/cascades/${id}`);
  return { id, state: 'running' };
}
