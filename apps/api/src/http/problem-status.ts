import type { CascadeError } from '@cascade/contracts';

/** HTTP statuses by error code, where the kind alone does not tell: the client's mistake, what is not there, what is in the way. */
const byCode: Readonly<Record<string, number>> = {
  CASC_REQUEST_INVALID: 400, CASC_CURSOR_INVALID: 400, CASC_COMMAND_INVALID: 400,
  CASC_TOKEN_NEEDED: 401, CASC_TOKEN_INVALID: 401,
  CASC_SCOPE_NEEDED: 403, CASC_ORIGIN_REFUSED: 403,
  CASC_ROUTE_UNKNOWN: 404, CASC_CASCADE_UNKNOWN: 404, CASC_WORK_ITEM_UNKNOWN: 404, CASC_DEAD_LETTER_UNKNOWN: 404, CASC_NOTHING_TO_SHOW: 404,
  CASC_QUESTION_UNKNOWN: 404, CASC_NOT_INDEXED: 404, CASC_SYMBOL_NOT_FOUND: 404,
  CASC_SESSION_UNKNOWN: 404, CASC_METHOD_UNSUPPORTED: 405,
  CASC_CASCADE_ENDED: 409, CASC_CASCADE_RUNNING: 409, CASC_CASCADE_COMPLETED: 409, CASC_QUESTION_ANSWERED: 409, CASC_IDEMPOTENCY_IN_PROGRESS: 409,
  CASC_DEAD_LETTER_FINAL: 409, CASC_DEAD_LETTER_CASCADE_ENDED: 409, CASC_DEAD_LETTER_AMBIGUOUS: 409,
  CASC_REQUEST_TOO_LARGE: 413, CASC_PAYLOAD_TOO_LARGE: 413, CASC_MEDIA_TYPE_UNSUPPORTED: 415,
  CASC_TOO_MANY_REQUESTS: 429,
  CASC_DEFECT: 500,
};

/** What is terminal and not listed is a request that is understood and cannot be fulfilled; what may be tried again, a service that is away. */
export function statusOf({ code, kind }: CascadeError): number {
  return byCode[code] ?? (kind === 'retryable' ? 503 : 422);
}
