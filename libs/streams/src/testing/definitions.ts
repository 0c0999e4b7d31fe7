import { defineCommand, defineEvent } from '@cascade/messages';
import { z } from 'zod';

export const workGiven = defineEvent('work.given', 'A piece of work for the tests.', z.object({ n: z.number().int(), text: z.string().optional() }));
export const otherGiven = defineEvent('other.given', 'Work of another type.', z.object({ n: z.number().int() }));
export const workDone = defineEvent('work.done', 'What the handlers of the tests publish.', z.object({ n: z.number().int() }));
export const add = defineCommand('calc.add', 'Adds two numbers.', z.object({ a: z.number(), b: z.number() }), z.object({ sum: z.number() }));
