import { Injectable } from '@nestjs/common';
import { retryable, terminal, type CascadeError } from '@cascade/contracts';
import { AccessTokens, accessScopes, type AccessScope } from '@cascade/service-host';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiConfig, isLoopback } from '../api-config.js';
import type { Operation } from '../contract/operation.js';
import { Partitions } from '../partitions.js';
import { rateHeaders, RateLimits, type Allowance } from './rate-limits.js';

/** Longer than any token. */
const MAX_AUTHORIZATION = 200;
/** How long Redis gets to count a request, in milliseconds: what is sent as it goes away would wait until it is back. */
const COUNT_WITHIN_MS = 2_000;

/** Who sent a request. */
export interface Client {
  /** Tells clients apart: a token's name, or an address. */
  readonly name: string;
  /** What it may do. */
  readonly scope: AccessScope;
}

/**
 * Lets requests in, before their bodies are read. Without tokens the API serves whoever can reach this machine, but not
 * what a page in their browser sends: another site's page can name 127.0.0.1, too.
 */
@Injectable()
export class Access {
  private readonly limits: RateLimits;

  constructor(private readonly config: ApiConfig, private readonly tokens: AccessTokens, private readonly partitions: Partitions) {
    this.limits = new RateLimits(partitions.first.redis, config.requestsPerMinute);
  }

  /** Throws `CASC_TOKEN_NEEDED`, `CASC_TOKEN_INVALID`, `CASC_SCOPE_NEEDED`, `CASC_ORIGIN_REFUSED` (terminal), `CASC_TOO_MANY_REQUESTS`, `CASC_REDIS_AWAY` (retryable). */
  async admit(request: FastifyRequest, reply: FastifyReply, operation: Operation | undefined): Promise<Client> {
    const scope = operation?.scope ?? 'public';
    const address: Client = { name: `address ${request.ip}`, scope: this.config.needsToken ? 'read' : 'admin' };
    if (!this.config.needsToken) refuseOtherSites(request, isLoopback(this.config.host), operation?.isPage === true);
    if (operation?.isProbe === true || operation?.isPage === true) return address;
    if (!this.config.needsToken || scope === 'public') return this.counted(address, reply);
    const found = await this.tokenOf(request);
    if (found === undefined) {
      await this.counted(address, reply);
      throw request.headers.authorization === undefined
        ? terminal('CASC_TOKEN_NEEDED', 'This needs a token: `Authorization: Bearer <token>`.', { advice: '`cascade api token create` makes one.' })
        : terminal('CASC_TOKEN_INVALID', 'The token is unknown here.', { advice: 'Was it revoked? `cascade api token list` shows the ones that are known.' });
    }
    const client = await this.counted({ name: `token ${found.name}`, scope: found.scope }, reply);
    requireScope(client, scope);
    return client;
  }

  private async tokenOf({ headers: { authorization } }: FastifyRequest): Promise<{ name: string; scope: AccessScope } | undefined> {
    if (authorization === undefined || authorization.length > MAX_AUTHORIZATION) return undefined;
    const token = /^Bearer ([\w-]+)$/i.exec(authorization)?.[1];
    return token === undefined ? undefined : this.tokens.find(token);
  }

  private async counted(client: Client, reply: FastifyReply): Promise<Client> {
    const perMinute = this.config.requestsPerMinute;
    const allowance = await this.allowanceOf(client);
    reply.headers(rateHeaders(perMinute, allowance));
    if (allowance.waitMs > 0) throw retryable('CASC_TOO_MANY_REQUESTS', `More than ${perMinute} requests a minute.`, { retryAfterMs: allowance.waitMs });
    return client;
  }

  /** Without Redis nothing is done but telling what the API is: that may be asked for as often as one likes. */
  private async allowanceOf({ name }: Client): Promise<Allowance> {
    if (this.partitions.isRedisAway) return { waitMs: 0, left: this.config.requestsPerMinute, backMs: 0 };
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(() => late.reject(redisAway()), COUNT_WITHIN_MS);
    try {
      return await Promise.race([this.limits.take(name), late.promise]);
    } catch (error) {
      throw redisAway(error);
    } finally {
      clearTimeout(timer);
    }
  }
}

export const redisAway = (cause?: unknown): CascadeError => retryable('CASC_REDIS_AWAY', 'Redis cannot be reached; nothing was done.', { retryAfterMs: 2_000, cause });

/** Throws `CASC_SCOPE_NEEDED` (terminal) unless the client may do what needs `scope`. */
export function requireScope({ scope: has }: Pick<Client, 'scope'>, scope: AccessScope): void {
  if (accessScopes.indexOf(has) < accessScopes.indexOf(scope)) throw terminal('CASC_SCOPE_NEEDED', `This needs a token of scope ${scope}; this one has ${has}.`);
}

/** A browser says where a request comes from; a name that another site points at this machine is not one of this machine's. */
function refuseOtherSites({ headers, host }: FastifyRequest, isLocal: boolean, isPage: boolean): void {
  const site = headers['sec-fetch-site'];
  const isOther = !isPage && ((site !== undefined && site !== 'same-origin' && site !== 'none') || (headers.origin !== undefined && headers.origin !== `http://${host}`));
  if (isOther || (isLocal && !isLoopback(hostnameOf(host)))) throw terminal('CASC_ORIGIN_REFUSED', 'Without tokens, only programs and pages of this machine are served.', { advice: 'Use the address 127.0.0.1, or set CASCADE_API_AUTH=token.' });
}

const hostnameOf = (host: string): string => host.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1').toLowerCase();
