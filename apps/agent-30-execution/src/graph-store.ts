import { Injectable } from '@nestjs/common';
import { redisKeys, retryable } from '@cascade/contracts';
import { Redis } from 'ioredis';
import { parseGraph, type GraphState } from './graph-state.js';

/** Reads task graphs. They are written only through outcomes. */
@Injectable()
export class GraphStore {
  constructor(private readonly redis: Redis) {}

  async find(cascadeId: string): Promise<GraphState | undefined> {
    return parseGraph(await this.redis.hgetall(redisKeys.graph(cascadeId)));
  }

  /** Throws `CASC_GRAPH_MISSING` (retryable): an event about a task came before the graph can be seen. */
  async require(cascadeId: string): Promise<GraphState> {
    const state = await this.find(cascadeId);
    if (state === undefined) throw retryable('CASC_GRAPH_MISSING', `Cascade ${cascadeId} has no task graph yet.`);
    return state;
  }
}
