import type { MessageHandler } from '@nestjs/microservices';
import { isObservable, lastValueFrom } from 'rxjs';

export type CallHandler = typeof callHandler;

/** Calls a handler through Nest's guards, pipes and interceptors and waits for its last value. Throws what it throws. */
export async function callHandler(handler: MessageHandler, data: unknown, context: unknown): Promise<unknown> {
  const result: unknown = await handler(data, context);
  return isObservable(result) ? lastValueFrom(result, { defaultValue: undefined }) : result;
}
