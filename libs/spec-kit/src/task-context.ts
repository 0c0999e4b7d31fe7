import type { Story } from '@cascade/contracts';

/** What a task list is judged against. */
export interface TaskContext {
  readonly stories: readonly Pick<Story, 'id' | 'criteria' | 'dependsOn'>[];
  /** Files of the repository that the tasks start from. */
  readonly existingPaths: readonly string[];
  /**
   * What the repository's test runner makes of a path: a test file that it runs, a file that belongs to tests without
   * being one (a fixture), or none of these.
   */
  readonly testKind: (path: string) => 'test' | 'support' | 'none';
}
