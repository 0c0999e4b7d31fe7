import { Controller, Res } from '@nestjs/common';
import { redisKeys, terminal } from '@cascade/contracts';
import { isTerminal, Questions, requestOf } from '@cascade/state';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { cancelCascade, getCascade, giveInput, listCascades, retryCascade, startCascade } from '../contract/cascade-operations.js';
import type { AnswerOf, InputOf } from '../contract/operation.js';
import { decodeCursor, encodeCursor } from '../contract/paging.js';
import { ClientName } from '../http/client-name.js';
import { Implements, Input } from '../http/implements.js';
import { Partitions } from '../partitions.js';
import { fullView, shortView } from './cascade-view.js';
import { StartCascade } from './start-cascade.js';

const place = z.strictObject({ at: z.number(), id: z.string().max(200) });

/** Starts cascades, shows and steers them. */
@Controller()
export class CascadesController {
  constructor(private readonly partitions: Partitions, private readonly starter: StartCascade) {}

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
  async get(@Input() { params: { id } }: InputOf<typeof getCascade>): Promise<AnswerOf<typeof getCascade>> {
    const { redis, record } = await this.partitions.cascades.require(id);
    return fullView(redis, record);
  }

  @Implements(cancelCascade)
  async cancel(@Input() { params: { id }, body: { reason } }: InputOf<typeof cancelCascade>): Promise<AnswerOf<typeof cancelCascade>> {
    const { redis } = await this.partitions.cascades.require(id);
    const { cascades } = this.partitions.with(redis);
    const result = await cascades.cancel(id, reason) === 'ended' ? 'ended' : 'already-ended';
    return { id, result, state: (await cascades.require(id)).state };
  }

  @Implements(retryCascade)
  async retry(@Input() { params: { id } }: InputOf<typeof retryCascade>, @Res({ passthrough: true }) reply: FastifyReply): Promise<AnswerOf<typeof retryCascade>> {
    const { redis, record } = await this.partitions.cascades.require(id);
    if (!isTerminal(record.state)) throw terminal('CASC_CASCADE_RUNNING', `Cascade ${id} has not ended.`, { advice: 'Cancel it first, or wait for its end.' });
    if (record.state === 'completed') throw terminal('CASC_CASCADE_COMPLETED', `Cascade ${id} did what it was asked for.`, { advice: 'Ask for something else with POST /v1/cascades.' });
    return started(await this.starter.again(id, requestOf(await redis.hgetall(redisKeys.cascade(id)))), reply);
  }

  @Implements(giveInput)
  async answer(@Input() { params: { id }, body: { name, answer } }: InputOf<typeof giveInput>): Promise<AnswerOf<typeof giveInput>> {
    const { redis } = await this.partitions.cascades.require(id);
    return { id, name, result: await new Questions(redis).answer(id, name, answer) };
  }
}

function started(id: string, reply: FastifyReply): { id: string; state: 'running' } {
  void reply.header('location', `/v1/cascades/${id}`);
  return { id, state: 'running' };
}
