import type { AccessScope } from '@cascade/service-host';
import type { z } from 'zod';

/** What an operation answers when it succeeds. */
export interface Answer {
  readonly description: string;
  /** Name of the schema in the OpenAPI document; the body is no JSON without one. */
  readonly name?: string;
  readonly schema?: z.ZodType;
  /** `application/json` unless given. */
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One operation of the API: what its route, its checks and the OpenAPI document are made of. */
export interface Operation {
  readonly id: string;
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** As OpenAPI writes it, e.g. `/v1/cascades/{id}`. */
  readonly path: string;
  /** The last parameter takes the rest of the path, with its slashes. */
  readonly takesRest?: true;
  readonly summary: string;
  readonly tag: string;
  readonly scope: AccessScope | 'public';
  /** Asked by who watches over the process: answered however often, and whatever is away. */
  readonly isProbe?: true;
  /** Tells nothing but what everybody knows: pages of other sites may link to it. */
  readonly isPage?: true;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  /** By their names in lower case. */
  readonly headers?: z.ZodObject;
  readonly body?: z.ZodType;
  /** By status; the first one is what the operation usually answers. */
  readonly answers: Readonly<Record<number, Answer>>;
  /** Statuses of the problems that are this operation's own; those that any may answer are not named. */
  readonly problems?: readonly number[];
}

type PartOf<O extends Operation, Part extends 'params' | 'query' | 'headers' | 'body'> = O extends { readonly [name in Part]: infer S extends z.ZodType } ? z.output<S> : undefined;

/** The input of an operation, parsed by its schemas. */
export interface InputOf<O extends Operation> {
  readonly params: PartOf<O, 'params'>;
  readonly query: PartOf<O, 'query'>;
  readonly headers: PartOf<O, 'headers'>;
  readonly body: PartOf<O, 'body'>;
}

/** The body of the usual answer. */
export type AnswerOf<O extends Operation> = O['answers'][keyof O['answers']] extends { readonly schema: infer S extends z.ZodType } ? z.output<S> : never;

export const defineOperation = <const O extends Operation>(operation: O): O => operation;
