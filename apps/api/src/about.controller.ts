import { Controller, Injectable, Res } from '@nestjs/common';
import { commands, events, renderAsyncApi } from '@cascade/contracts';
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
  private readonly openApi = JSON.stringify(renderOpenApi());
  private readonly asyncApi = JSON.stringify(renderAsyncApi(events, commands));

  constructor(private readonly partitions: Partitions, private readonly draining: Draining) {}

  @Implements(getOpenApi)
  describe(@Res({ passthrough: true }) reply: FastifyReply): string {
    void reply.type('application/json');
    return this.openApi;
  }

  @Implements(getAsyncApi)
  describeEvents(@Res({ passthrough: true }) reply: FastifyReply): string {
    void reply.type('application/json');
    return this.asyncApi;
  }

  @Implements(getLive)
  live(): AnswerOf<typeof getLive> {
    return { status: 'ok' };
  }

  @Implements(getReady)
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<AnswerOf<typeof getReady>> {
    const status = this.draining.isAnnounced || this.draining.signal.aborted ? 'draining' : await this.redisAnswers() ? 'ok' : 'redis-away';
    if (status !== 'ok') void reply.status(503);
    return { status };
  }

  private async redisAnswers(): Promise<boolean> {
    const late = Promise.withResolvers<false>();
    const timer = setTimeout(() => late.resolve(false), PROBE_MS);
    const pings = Promise.all(this.partitions.connections.map((redis) => redis.ping())).then(() => true, () => false);
    return Promise.race([late.promise, pings]).finally(() => clearTimeout(timer));
  }
}
