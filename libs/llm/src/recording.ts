import { createHash } from 'node:crypto';
import path from 'node:path';
import { z } from 'zod';
import { terminal } from '@cascade/contracts';

/**
 * One recorded exchange, as a file that people can read and review: texts are lists of lines. Neither the key, nor
 * headers, nor times are in it.
 */
const lines = z.array(z.string());
const messageSchema = z.object({ role: z.string(), content: lines });
const recordingSchema = z.object({
  messages: z.array(messageSchema),
  response_format: z.json().optional(),
  answer: z.object({
    model: z.string(),
    finish_reason: z.string().nullable(),
    content: lines,
    usage: z.object({ prompt_tokens: z.number(), completion_tokens: z.number() }).nullable(),
  }),
});
export type Recording = z.output<typeof recordingSchema>;
export type RecordedMessage = z.output<typeof messageSchema>;

/** What identifies a request: its conversation, not the model nor its settings, so that a replay needs no model. */
const requestSchema = z.object({
  messages: z.array(z.object({ role: z.string(), content: z.string() })),
  response_format: z.json().optional(),
});
export type ModelRequest = z.output<typeof requestSchema>;

export function readRequest(body: unknown): ModelRequest {
  return requestSchema.parse(JSON.parse(String(body)));
}

export const toLines = (text: string): string[] => text.split('\n');
export const fromLines = (text: readonly string[]): string => text.join('\n');
export const recordMessages = (request: ModelRequest): RecordedMessage[] =>
  request.messages.map((message) => ({ role: message.role, content: toLines(message.content) }));

/** Content hash of a request; keys are in a fixed order, so equal conversations have equal hashes. */
export function requestHash(request: ModelRequest): string {
  const canonical = JSON.stringify([request.messages.map((message) => [message.role, message.content]), sorted(request.response_format)]);
  return createHash('sha256').update(canonical).digest('hex').slice(0, 40);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([key, item]) => [key, sorted(item)]));
}

/** `<hash>.json`; `<hash>-2.json` for a second, different answer to the same conversation within one recording. */
export const recordingFile = (directory: string, hash: string, ordinal: number): string =>
  path.join(directory, ordinal === 1 ? `${hash}.json` : `${hash}-${ordinal}.json`);

/** Throws terminal `CASC_RECORDING_INVALID`, naming the file, for one that was damaged or edited wrongly. */
export function parseRecording(file: string, text: string): Recording {
  try {
    return recordingSchema.parse(JSON.parse(text));
  } catch (error) {
    throw terminal('CASC_RECORDING_INVALID', `${file} is not a recorded answer.`, {
      advice: 'Record it again (CASCADE_LLM_RECORD), or restore it from version control.', cause: error,
      findings: error instanceof z.ZodError ? error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`) : [],
    });
  }
}
