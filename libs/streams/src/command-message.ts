import { CASCADE_ID_RULE, deriveEventId, findingsOf, fromProblem, isCascadeId, parsePayload, retryable, streamKeys, terminal, type CascadeError, type CommandDefinition, type EntryFields, type Problem, type ReplyOf } from '@cascade/messages';
import { z } from 'zod';
import type { Write } from './commit-job.js';
import { REPLY_TTL_MS } from './streams-options.js';

/** Bounds of a request's and a reply's JSON text in UTF-8 bytes: file contents travel in both. */
const MAX_MESSAGE_BYTES = 16 * 1024 * 1024;

/** Marks that a command is on its way, so that the same client after a crash does not send it twice. */
export const sentMarker = (commandId: string): string => `${streamKeys.reply(commandId)}:sent`;
/** The marker outlives every cascade (24 h at most); the reply removes it. */
export const SENT_MARKER_TTL_MS = 25 * 60 * 60 * 1000;

/** The same for the same piece of work of the same cascade. */
export function commandId(type: string, cascadeId: string, key: string): string {
  return deriveEventId(cascadeId, 0, `${type}/${key}`);
}

export const MAX_ID_CHARACTERS = 200;
const envelope = z.object({
  id: z.string().min(1).max(MAX_ID_CHARACTERS),
  type: z.string().max(100),
  dataschema: z.string().max(300),
  correlationid: z.string().refine(isCascadeId, CASCADE_ID_RULE),
  cascadekey: z.string().min(1).max(1000),
  expirytime: z.iso.datetime({ offset: true }).optional(),
  data: z.string(),
});

/** A command as its handler gets it. */
export interface Command {
  readonly id: string;
  readonly cascadeId: string;
  readonly key: string;
  readonly request: unknown;
  /** Unix milliseconds by Redis' clock after which nobody waits for the answer. */
  readonly deadlineMs?: number;
}

/** Throws `CASC_COMMAND_INVALID` (terminal). */
export function commandFields(definition: CommandDefinition, request: unknown, { cascadeId, key }: Pick<Command, 'cascadeId' | 'key'>): Record<string, string> {
  const data = JSON.stringify(parse(definition.request, request, 'CASC_COMMAND_INVALID', `The request of ${definition.type}`));
  checkSize(data, `The request of ${definition.type}`);
  return {
    specversion: '1.0', id: commandId(definition.type, cascadeId, key), source: 'urn:cascade:command', type: definition.type,
    time: new Date().toISOString(), datacontenttype: 'application/json', dataschema: definition.dataschema,
    correlationid: cascadeId, cascadekey: key, data,
  };
}

/** Throws `CASC_COMMAND_INVALID` (terminal) that names every problem. */
export function parseCommand(definition: CommandDefinition, fields: EntryFields): Command {
  const given = parse(envelope, { ...fields }, 'CASC_COMMAND_INVALID', `A command ${definition.type}`);
  if (given.dataschema !== definition.dataschema) throw invalid(definition, [`dataschema: ${given.dataschema} is not known here; ${definition.dataschema} is`]);
  const payload = parsePayload(definition.request, given.data, MAX_MESSAGE_BYTES);
  if ('findings' in payload) throw invalid(definition, payload.findings);
  return {
    id: given.id, cascadeId: given.correlationid, key: given.cascadekey, request: payload.data,
    ...(given.expirytime === undefined ? {} : { deadlineMs: Date.parse(given.expirytime) }),
  };
}

const invalid = (definition: CommandDefinition, findings: readonly string[]): CascadeError =>
  terminal('CASC_COMMAND_INVALID', `Not a valid ${definition.type} command: ${findings.join('; ')}`, { findings });

/** What the reply list holds: whether a new request with the same key has to accept it, and the answer. */
export type StoredReply = readonly [kind: 'final' | 'again', body: string];

const problemSchema = z.object({
  code: z.string().regex(/^CASC_[A-Z0-9_]+$/), kind: z.enum(['retryable', 'terminal', 'needs-input', 'cancelled']), message: z.string(),
  advice: z.string().optional(), findings: z.array(z.string()).optional(), retryAfterMs: z.number().optional(),
});
const body = z.union([z.object({ data: z.unknown(), problem: z.undefined().optional() }), z.object({ problem: problemSchema })]);

/** Throws `CASC_REPLY_INVALID` (terminal) when the handler's answer is not what its contract says. */
export function successReply(definition: CommandDefinition, reply: unknown): StoredReply {
  const text = JSON.stringify({ data: parse(definition.reply, reply, 'CASC_REPLY_INVALID', `The reply to ${definition.type}`) });
  checkSize(text, `The reply to ${definition.type}`);
  return ['final', text];
}

/** Only a terminal error is an answer for good; every other may come out differently when the caller tries again. */
export function problemReply(error: CascadeError): StoredReply {
  return [error.kind === 'terminal' ? 'final' : 'again', JSON.stringify({ problem: error.toProblem() })];
}

/** Stores a reply and wakes who waits for it. */
export function replyWrites(id: string, reply: StoredReply): Write[] {
  const key = streamKeys.reply(id);
  return [
    { operation: 'DEL', key, args: [] }, // a command that was delivered twice must not leave two answers
    { operation: 'DEL', key: sentMarker(id), args: [] },
    { operation: 'RPUSH', key, args: reply },
    { operation: 'PEXPIRE', key, args: [String(REPLY_TTL_MS)] },
    { operation: 'PUBLISH', key, args: [reply[0]] },
  ];
}

/** The answer, or throws the error that it describes. */
export function readReply<D extends CommandDefinition>(definition: D, [, text]: StoredReply): ReplyOf<D> {
  const answer = parse(body, parseJson(text), 'CASC_REPLY_INVALID', `The reply to ${definition.type}`);
  if (answer.problem !== undefined) throw fromProblem(answer.problem as Problem);
  return parse(definition.reply, (answer as { data: unknown }).data, 'CASC_REPLY_INVALID', `The reply to ${definition.type}`) as ReplyOf<D>;
}

export const commandTimeout = (definition: CommandDefinition, cause?: unknown): CascadeError =>
  retryable('CASC_COMMAND_TIMEOUT', `Nobody answered ${definition.type} in time.`, { advice: 'Is the service that owns this command running?', cause });

function parse<S extends z.ZodType>(schema: S, value: unknown, code: `CASC_${string}`, what: string): z.output<S> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const findings = findingsOf(parsed.error);
  throw terminal(code, `${what} is not valid: ${findings.join('; ')}`, { findings });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // refused by the schema that reads it
  }
}

function checkSize(text: string, what: string): void {
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_MESSAGE_BYTES) throw terminal('CASC_PAYLOAD_TOO_LARGE', `${what} has ${bytes} bytes; the limit is ${MAX_MESSAGE_BYTES}.`);
}

