import { Controller, Injectable, Res } from '@nestjs/common';
import { commands, events, renderAsyncApi } from '@cascade/contracts';
import { untilAborted } from '@cascade/streams';
import type { FastifyReply } from 'fastify';
import { renderOpenApi } from './contract/open-api.js';
import type { AnswerOf } from './contract/operation.js';
import { getAsyncApi, getLive, getOpenApi, getReady } from './contract/other-operations.js';
import { Implements } from './http/implements.js';
import { Partitions } from './partitions.js';

/** How long Redis gets to answer a probe, in milliseconds. */
const PROBE_MS = 2_000;

/** How the API stops: first it says so to probes and serves on, then it aborts: streams end, and nothing new is taken. */
@Injectable()
export class Draining extends AbortController {
  isAnnounced = false;
}

/** What the API is, and how it is. */
@Controller()
export class AboutController {
  /** Made when somebody asks: they take longer than all else that a start does. */
  private openApi: string | undefined;
  private asyncApi: string | undefined;

  constructor(private readonly partitions: Partitions, private readonly draining: Draining) {}

  @Implements(getOpenApi)
  describe(@Res({ passthrough: true }) reply: FastifyReply): string {
    void reply.type('application/json');
    return this.openApi ??= JSON.stringify(renderOpenApi());
  }

  @Implements(getAsyncApi)
  describeEvents(@Res({ passthrough: true }) reply: FastifyReply): string {
    void reply.type('application/json');
    return this.asyncApi ??= JSON.stringify(renderAsyncApi(events, commands));
  }

  @Implements(getLive)
  live(): AnswerOf<typeof getLive> {
    return { status: 'ok' };
  }

  @Implements(getReady)
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<AnswerOf<typeof getReady>> {
    const status = this.draining.isAnnounced ? 'draining' : await this.redisAnswers() ? 'ok' : 'redis-away';
    if (status !== 'ok') void reply.status(503);
    return { status };
  }

  private async redisAnswers(): Promise<boolean> {
    const pings = Promise.all(this.partitions.connections.map((redis) => redis.ping()));
    return untilAborted(pings, AbortSignal.timeout(PROBE_MS), (reason) => reason).then(() => true, () => false);
  }
}
