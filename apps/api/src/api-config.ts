import { parseEnvironment } from '@cascade/contracts';
import { tokensFile } from '@cascade/service-host';
import { z } from 'zod';

const settings = z.object({
  CASCADE_API_PORT: z.coerce.number().int().min(0).max(65_535).default(8080),
  CASCADE_API_HOST: z.string().min(1).max(253).default('127.0.0.1'),
  CASCADE_API_AUTH: z.enum(['token', 'none']).optional(),
  CASCADE_API_REQUESTS_PER_MINUTE: z.coerce.number().int().min(1).max(10_000_000).default(1_200),
  CASCADE_API_DRAIN_MS: z.coerce.number().int().min(0).max(60_000).default(0),
  CASCADE_API_STREAMS: z.coerce.number().int().min(4).max(100_000).default(1_000),
});

/** Where the API listens and whom it lets in; read from the environment, see README "Configuration". */
export class ApiConfig {
  constructor(
    /** 0: any that is free. */
    readonly port: number,
    readonly host: string,
    /** Whether requests need a token. */
    readonly needsToken: boolean,
    readonly tokensFile: string,
    /** Of one token, or of one address where none is needed. */
    readonly requestsPerMinute: number = 1_200,
    /** Event streams that are open at the same time; one client may have a quarter of them. */
    readonly streams: number = 1_000,
    /** How long other services get to answer what a request asks of them, in milliseconds. */
    readonly answerMs: number = 20_000,
    /** A client that takes nothing of what waits for it for so long, in milliseconds, is dropped; it can go on with Last-Event-ID. */
    readonly stalledMs: number = 30_000,
    /** How long `/ready` says that it stops before it does, so that who sends requests here can notice. */
    readonly drainMs: number = 0,
  ) {}
}

/** Throws `CASC_CONFIGURATION_INVALID` (terminal) that names every wrong variable. */
export function readApiConfig(env: NodeJS.ProcessEnv): ApiConfig {
  const values = parseEnvironment(settings, env);
  const host = values.CASCADE_API_HOST;
  return new ApiConfig(
    values.CASCADE_API_PORT,
    host,
    (values.CASCADE_API_AUTH ?? (isLoopback(host) ? 'none' : 'token')) === 'token',
    tokensFile(env),
    values.CASCADE_API_REQUESTS_PER_MINUTE,
    values.CASCADE_API_STREAMS,
    undefined,
    undefined,
    values.CASCADE_API_DRAIN_MS,
  );
}

/** Reachable from this machine alone. */
export const isLoopback = (host: string): boolean => host === 'localhost' || host === '::1' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host);
