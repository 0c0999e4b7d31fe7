import { types } from 'node:util';
import { boundedText } from '../bounded-text.js';
import type { Scope } from '../scope.js';
import { parseTraceparent } from '../traces/traceparent.js';
import { plainError, plainValue, type PlainError } from './plain-value.js';

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;
export type LogLevel = (typeof logLevels)[number];

const MAX_MESSAGE = 4_000;

/** One line of the log, level, time and service apart. Every text in it is bounded and free of secrets. */
export interface LogRecord {
  readonly message: string;
  /** The part of the service that says it, where that is not the service itself. */
  readonly context?: string;
  readonly cascade?: string;
  /** 0 to 3 for what the four agents say. */
  readonly tier?: number;
  readonly event?: string;
  readonly event_type?: string;
  readonly correlation?: string;
  readonly trace_id?: string;
  readonly span_id?: string;
  readonly error?: PlainError;
  readonly details?: unknown;
}

/** What Nest's loggers are told: the message, then anything, at the end the name of who says it. */
export function logRecord(said: readonly unknown[], scope: Scope, service: string): LogRecord {
  const [first, ...more] = said;
  const last = more.at(-1);
  const context = typeof last === 'string' && !isStack(last) ? last : undefined;
  const rest = (context === undefined ? more : more.slice(0, -1)).filter((one) => one !== undefined);
  const message = types.isNativeError(first) ? first.message : typeof first === 'string' ? first : '';
  const details = [...(message === '' && !types.isNativeError(first) ? [first] : []), ...rest.filter((one) => !types.isNativeError(one) && !isStack(one))];
  return {
    message: boundedText(message, MAX_MESSAGE),
    ...present({ context: context === service || context === undefined ? undefined : boundedText(context, 100) }),
    ...placeOf(scope, service),
    ...present({ error: errorOf(message, [first, ...rest]), details: details.length === 0 ? undefined : plainValue(details.length === 1 ? details[0] : details) }),
  };
}

const isStack = (one: unknown): one is string => typeof one === 'string' && /\n\s+at /.test(one);

/** Where there is an error, its code; a stack that was logged as text belongs to the code in the message. */
function errorOf(message: string, said: readonly unknown[]): PlainError | undefined {
  const error = said.find((one) => types.isNativeError(one));
  if (error !== undefined) return plainError(error);
  const stack = said.find(isStack);
  const code = /\bCASC_[A-Z0-9_]+/.exec(message)?.[0];
  if (stack === undefined && code === undefined) return undefined;
  return present({ code, stack: stack === undefined ? undefined : boundedText(stack, 8_000) });
}

function placeOf({ cascade, event, eventType, correlation, traceparent, span }: Scope, service: string): Partial<LogRecord> {
  const trace = parseTraceparent(span?.traceparent ?? traceparent);
  const tier = /^agent-(\d)0-/.exec(service)?.[1];
  return present({
    cascade: short(cascade), tier: tier === undefined ? undefined : Number(tier), event: short(event), event_type: short(eventType), correlation: short(correlation ?? cascade),
    trace_id: trace?.traceId, span_id: trace?.spanId,
  });
}

const short = (id: string | undefined): string | undefined => (id === undefined ? undefined : boundedText(id, 200));

const present = <T extends object>(fields: T): { [K in keyof T]?: NonNullable<T[K]> } => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
