import { specTask, storyId, taskId } from '@cascade/contracts';
import { z } from 'zod';
import { line, lineOf } from './line.js';

/** The typed tasks.md. */
export const taskDocument = z.object({
  title: lineOf(500),
  /** e.g. `specs/001-discounts/`. */
  featureDirectory: lineOf(1024),
  /** In the order of spec.md: the n-th is [USn]. */
  stories: z.array(z.object({ storyId, title: lineOf(500), priority: z.number().int().min(1).max(99), goal: line, independentTest: line })).min(1).max(12),
  tasks: z.array(specTask.extend({ title: lineOf(500) })).min(1).max(60),
  /** Tasks that are done: `[X]`. */
  done: z.array(taskId).max(60),
});
export type TaskDocument = z.output<typeof taskDocument>;
