import { randomUUID } from 'node:crypto';
import { Catch, HttpException, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { CascadeError, asCascadeError, isCascadeError, retryable, terminal } from '@cascade/contracts';
import { currentSpan, names } from '@cascade/telemetry';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { titleOf } from '../contract/open-api.js';
import { PROBLEM_TYPE, type ProblemDetails } from '../contract/problem.js';
import { statusOf } from './problem-status.js';

/** Every error as problem details. What is no error of ours says nothing outside; the log has it, under the same `instance`. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('api');

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const [request, reply] = [http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>()];
    if (reply.sent || reply.raw.headersSent) return;
    const error = errorOf(thrown);
    const details = told(error, `${request.method} ${request.routeOptions.url ?? 'unknown address'}`, this.logger);
    const { status } = details;
    if (status >= 500) currentSpan().fail(thrown);
    else currentSpan().set({ [names.errorType]: error.code });
    if (status === 401) void reply.header('www-authenticate', 'Bearer');
    if (error.retryAfterMs !== undefined || status === 503) void reply.header('retry-after', String(Math.ceil((error.retryAfterMs ?? 1_000) / 1_000)));
    void reply.status(status).header('content-type', PROBLEM_TYPE).send(JSON.stringify(details));
  }
}

/** The problem details of an error; the log has what is no mistake of who asked. */
export function told(error: CascadeError, what: string, logger: Logger): ProblemDetails {
  const details = detailsOf(error, statusOf(error), `urn:uuid:${randomUUID()}`);
  if (details.status >= 500) logger.warn(`${what} (${details.instance}): ${error.code}: ${error.message.slice(0, 1_000)}`);
  return details;
}

/** The problem details of an error. */
export function detailsOf(error: CascadeError, status: number, instance: string): ProblemDetails {
  const isOurs = error.code !== 'CASC_DEFECT';
  return {
    type: `urn:cascade:problem:${error.code}`, title: titleOf(status), status, detail: isOurs ? error.message : 'Something went wrong here; the log says what.', instance, code: error.code,
    ...(error.advice === undefined ? {} : { advice: error.advice }),
    ...(error.findings.length === 0 ? {} : { findings: [...error.findings] }),
  };
}

/** Nest wraps what Fastify throws; its text is Fastify's own, and about the request. */
function errorOf(thrown: unknown): CascadeError {
  if (isCascadeError(thrown)) return thrown;
  if ((thrown as { code?: unknown } | undefined)?.code === 'FST_ERR_HANDLER_TIMEOUT') return tooLate();
  if (!(thrown instanceof HttpException)) return asCascadeError(thrown);
  switch (thrown.getStatus()) {
    case 404: case 405: return terminal('CASC_ROUTE_UNKNOWN', 'There is nothing at this address.', { advice: '/openapi.json says what there is.' });
    case 413: return terminal('CASC_REQUEST_TOO_LARGE', 'The request\'s body is too large.');
    case 415: return terminal('CASC_MEDIA_TYPE_UNSUPPORTED', 'Bodies are JSON: application/json.');
    case 503: return tooLate();
    case 500: return asCascadeError(thrown);
    default: return terminal('CASC_REQUEST_INVALID', `The request cannot be read: ${thrown.message.slice(0, 300)}`);
  }
}

const tooLate = (): CascadeError => retryable('CASC_REQUEST_TIMEOUT', 'The answer took too long.', { retryAfterMs: 5_000, advice: 'GET /ready tells whether Redis answers.' });
