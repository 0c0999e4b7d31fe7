import { Catch, type ExceptionFilter } from '@nestjs/common';
import { throwError, type Observable } from 'rxjs';

/**
 * Lets a handler's own error through. Nest's default RPC filter replaces every error that is not an RpcException by
 * "Internal server error", which would hide the kind that decides between retry, failure and waiting.
 */
@Catch()
export class KeepErrorsFilter implements ExceptionFilter {
  catch(error: unknown): Observable<never> {
    return throwError(() => error);
  }
}
