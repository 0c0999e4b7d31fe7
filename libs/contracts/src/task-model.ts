import { z } from 'zod';
import { storyId } from './bmad-model.js';
import { relativePath } from './repository-path.js';

export const taskId = z.string().regex(/^T\d{3,}$/);

/**
 * One line of a Spec Kit tasks.md, typed.
 * - `test`: writes the tests of one code task, before it.
 * - `code`: makes its tests pass; `tests` names its test tasks.
 * - `chore`: set-up or documentation that no new test can prove.
 */
export const specTask = z.object({
  id: taskId,
  phase: z.enum(['setup', 'foundational', 'story', 'polish']),
  storyId: storyId.optional(),
  kind: z.enum(['test', 'code', 'chore']),
  parallel: z.boolean(),
  title: z.string().min(1).max(500),
  paths: z.array(relativePath).min(1).max(20),
  /** Acceptance criteria of the story that it serves. */
  criteria: z.array(z.number().int().positive()).max(20),
  dependsOn: z.array(taskId).max(30),
  /** Only for `code`: the test tasks whose tests it makes pass. */
  tests: z.array(taskId).max(10),
});
export type SpecTask = z.output<typeof specTask>;
