import { createHash } from 'node:crypto';
import { defineCommand, defineEvent } from '@cascade/contracts';
import { z } from 'zod';

/** A road in miniature: a request is split into parts, each is worked on elsewhere, and the last one ends the cascade. */
export const partGiven = defineEvent('small.part_given', 'A part of a small cascade.', z.object({ part: z.number().int() }));
export const partDone = defineEvent('small.part_done', 'A part is done.', z.object({ part: z.number().int(), text: z.string() }));
export const digestText = defineCommand('small.digest', 'Gives the digest of a text.', z.object({ text: z.string() }), z.object({ digest: z.string() }));

export const PARTS = 3;

export const answerTo = (cascade: string, part: number): string => `answer ${part} of ${cascade}`;
export const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16);

/** What a small cascade's parts must have become. */
export function expectedParts(cascade: string): Record<string, string> {
  return Object.fromEntries(Array.from({ length: PARTS }, (_, part) => [String(part), digestOf(answerTo(cascade, part))]));
}
