import { Injectable } from '@nestjs/common';
import { redisKeys, terminal } from '@cascade/contracts';
import { isTerminal, Questions, requestOf } from '@cascade/state';
import type { cancelCascade, giveInput } from '../contract/cascade-operations.js';
import type { CascadeView } from '../contract/cascade-schemas.js';
import type { AnswerOf } from '../contract/operation.js';
import { Partitions } from '../partitions.js';
import { fullView } from './cascade-view.js';
import { StartCascade } from './start-cascade.js';

/** Shows cascades that were asked for, and steers them. Everything throws `CASC_CASCADE_UNKNOWN` (terminal). */
@Injectable()
export class CascadeSteering {
  constructor(private readonly partitions: Partitions, private readonly starter: StartCascade) {}

  async view(id: string): Promise<CascadeView> {
    const { redis, record } = await this.partitions.cascades.require(id);
    return fullView(redis, record);
  }

  async cancel(id: string, reason: string): Promise<AnswerOf<typeof cancelCascade>> {
    const { redis } = await this.partitions.cascades.require(id);
    const { cascades } = this.partitions.with(redis);
    const result = await cascades.cancel(id, reason) === 'ended' ? 'ended' : 'already-ended';
    return { id, result, state: (await cascades.require(id)).state };
  }

  /** Asks for the same once more; gives the new cascade's id. Throws `CASC_CASCADE_RUNNING` and `CASC_CASCADE_COMPLETED` (terminal), and what `StartCascade` throws. */
  async retry(id: string): Promise<string> {
    const { redis, record } = await this.partitions.cascades.require(id);
    if (!isTerminal(record.state)) throw terminal('CASC_CASCADE_RUNNING', `Cascade ${id} has not ended.`, { advice: 'Cancel it first, or wait for its end.' });
    if (record.state === 'completed') throw terminal('CASC_CASCADE_COMPLETED', `Cascade ${id} did what it was asked for.`, { advice: 'Ask for something else with POST /v1/cascades.' });
    return this.starter.again(id, requestOf(await redis.hgetall(redisKeys.cascade(id))));
  }

  /** Throws what `Questions.answer` throws. */
  async answer(id: string, name: string, answer: string): Promise<AnswerOf<typeof giveInput>> {
    const { redis } = await this.partitions.cascades.require(id);
    return { id, name, result: await new Questions(redis).answer(id, name, answer) };
  }
}
