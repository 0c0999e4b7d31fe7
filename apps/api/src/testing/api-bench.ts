import path from 'node:path';
import { ConsoleLogger } from '@nestjs/common';
import { cascadeRequested, redisKeys, workItemWrite, type DataOf, type WorkItem } from '@cascade/contracts';
import { AccessTokens, HostConfig, type AccessScope } from '@cascade/service-host';
import { Cascades } from '@cascade/state';
import { removeTemporaryFolder, startTestRedis, temporaryFolder, type TestRedis } from '@cascade/testing';
import { Redis } from 'ioredis';
import { ApiConfig } from '../api-config.js';
import { startApi, type RunningApi } from '../start-api.js';

export interface ApiBenchOptions {
  readonly partitions?: number;
  readonly requestsPerMinute?: number;
  readonly streams?: number;
  readonly needsToken?: boolean;
  readonly answerMs?: number;
  readonly stalledMs?: number;
}

/** Remembers what is logged. */
export class RecordingLogger extends ConsoleLogger {
  readonly lines: string[] = [];
  override log(...parts: unknown[]): void { this.lines.push(parts.map(String).join(' ')); }
  override warn(...parts: unknown[]): void { this.lines.push(parts.map(String).join(' ')); }
  override error(...parts: unknown[]): void { this.lines.push(parts.map(String).join(' ')); }
}

/** A running API with a Redis of its own, its tokens, and a hand for what services would write. */
export class ApiBench {
  readonly logger = new RecordingLogger();
  /** In the first partition. */
  readonly redis: Redis;
  /** In all of them, by whole keys. */
  readonly raw: Redis;

  private constructor(readonly server: TestRedis, readonly api: RunningApi, readonly host: HostConfig, readonly tokens: AccessTokens, private readonly byScope: Readonly<Record<AccessScope, string>>, keyPrefix: string, logger: RecordingLogger) {
    this.logger = logger;
    this.redis = new Redis(server.url, { keyPrefix, lazyConnect: true });
    this.raw = new Redis(server.url, { lazyConnect: true });
  }

  static async start({ partitions = 1, requestsPerMinute = 1_000_000, streams = 1_000, needsToken = true, answerMs = 20_000, stalledMs = 30_000 }: ApiBenchOptions = {}): Promise<ApiBench> {
    const server = await startTestRedis();
    const folder = temporaryFolder('api');
    const host = new HostConfig(server.url, folder, folder, 4, 5_000, undefined, 5, undefined, 'fail', folder, partitions);
    const tokens = new AccessTokens(path.join(folder, 'tokens.json'));
    const byScope = { read: await tokens.create('reader', 'read'), run: await tokens.create('runner', 'run'), admin: await tokens.create('operator', 'admin') };
    const logger = new RecordingLogger();
    const api = await startApi(host, new ApiConfig(0, '127.0.0.1', needsToken, tokens.file, requestsPerMinute, streams, answerMs, stalledMs), logger);
    return new ApiBench(server, api, host, tokens, byScope, host.partitions[0]!.keyPrefix ?? '', logger);
  }

  get origin(): string {
    return `http://127.0.0.1:${this.api.port}`;
  }

  token(scope: AccessScope): string {
    return this.byScope[scope];
  }

  /** A request with a token of this scope, or none. */
  ask(method: string, address: string, { scope = 'admin', body, headers = {}, signal }: { readonly scope?: AccessScope | 'none'; readonly body?: unknown; readonly headers?: Readonly<Record<string, string>>; readonly signal?: AbortSignal } = {}): Promise<Response> {
    return fetch(`${this.origin}${address}`, {
      method, redirect: 'manual', ...(signal === undefined ? {} : { signal }),
      headers: { ...(scope === 'none' ? {} : { authorization: `Bearer ${this.byScope[scope]}` }), ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
  }

  /** The record of a cascade, as tier 0 makes it. */
  async accept(id: string, data: Partial<DataOf<typeof cascadeRequested>> = {}, at: number = Date.now()): Promise<void> {
    await new Cascades(this.redis).accept({ id, cascadeId: id, type: cascadeRequested.type, source: 'urn:test', time: new Date(at).toISOString(), dataschema: cascadeRequested.dataschema, data: { request: 'Add codes', repository: '/srv/shop', ...data } });
  }

  async saveItem(item: WorkItem): Promise<void> {
    const write = workItemWrite(item);
    await this.redis.hset(write.key, write.fields);
    await this.redis.sadd(redisKeys.workItems, write.key);
    await this.redis.zadd(redisKeys.items(item.cascadeId), item.modifiedAt, write.key);
  }

  /** Entries of `cascade.requested`. */
  async requested(): Promise<number> {
    return this.redis.xlen(redisKeys.stream(cascadeRequested.type));
  }

  async stop(): Promise<void> {
    await this.api.stop();
    this.redis.disconnect();
    this.raw.disconnect();
    await this.server.stop();
    removeTemporaryFolder(this.host.cacheFolder);
  }
}
