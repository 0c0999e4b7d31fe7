import type { z } from 'zod';
import type { Priority } from './priority.js';

/** One event type with one version of its payload: the single source of its TypeScript type, JSON Schema and parser. */
export interface EventDefinition<Type extends string = string, Schema extends z.ZodType = z.ZodType> {
  readonly kind: 'event';
  /** e.g. `stories.approved`; also the last part of its stream's key. */
  readonly type: Type;
  readonly version: number;
  readonly schema: Schema;
  /** CloudEvents `dataschema`: names the payload's version. */
  readonly dataschema: string;
  /** One sentence for the generated documents. */
  readonly summary: string;
}

export interface CommandDefinition<Type extends string = string, Request extends z.ZodType = z.ZodType, Reply extends z.ZodType = z.ZodType> {
  readonly kind: 'command';
  readonly type: Type;
  readonly request: Request;
  readonly reply: Reply;
  readonly dataschema: string;
  readonly summary: string;
}

export type DataOf<D extends EventDefinition> = z.output<D['schema']>;
export type RequestOf<D extends CommandDefinition> = z.output<D['request']>;
export type ReplyOf<D extends CommandDefinition> = z.output<D['reply']>;

/** A parsed event, as handlers see it: CloudEvents attributes by their TypeScript names, the payload typed. */
export interface CascadeEvent<Data = unknown> {
  readonly id: string;
  readonly type: string;
  readonly source: string;
  /** RFC 3339. */
  readonly time: string;
  readonly subject?: string;
  /** The cascade's id (CloudEvents extension `correlationid`). */
  readonly cascadeId: string;
  /** Id of the event whose handling produced this one. */
  readonly causationId?: string;
  /** RFC 3339: the cascade's deadline. */
  readonly expiryTime?: string;
  readonly traceparent?: string;
  /** NORMAL unless given; inherited by what its handlers publish. */
  readonly priority?: Priority;
  readonly dataschema: string;
  readonly data: Data;
}
export type EventOf<D extends EventDefinition> = CascadeEvent<DataOf<D>>;

export function defineEvent<const Type extends string, Schema extends z.ZodType>(
  type: Type, summary: string, schema: Schema, version = 1,
): EventDefinition<Type, Schema> {
  return { kind: 'event', type, version, schema, dataschema: `urn:cascade:event:${type}:v${version}`, summary };
}

export function defineCommand<const Type extends string, Request extends z.ZodType, Reply extends z.ZodType>(
  type: Type, summary: string, request: Request, reply: Reply,
): CommandDefinition<Type, Request, Reply> {
  return { kind: 'command', type, request, reply, dataschema: `urn:cascade:command:${type}:v1`, summary };
}
