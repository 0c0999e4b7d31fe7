import { z } from 'zod';
import { relativePath } from './repository-path.js';

/** How a target repository runs its tests; found by libs/test-runner or given by the request. */
export const testPlan = z.object({
  ecosystem: z.enum(['node', 'python', 'other']),
  runner: z.enum(['node-test', 'jest', 'vitest', 'pytest', 'unittest', 'command']),
  /** Whole suite, as argv; run without a shell, inside the sandbox. */
  command: z.array(z.string().min(1).max(1000)).min(1).max(64),
  moduleSystem: z.enum(['esm', 'commonjs', 'python', 'other']),
  typescript: z.boolean(),
  dependencies: z.enum(['none', 'npm-lock', 'npm', 'pip']),
  /** Where this repository keeps tests, for prompts: e.g. `test/` and `test/cart.test.js`. */
  testDirectory: z.string().max(300),
  exampleTest: relativePath.optional(),
  /** What the specifiers of relative imports end in where sources are TypeScript, e.g. `.js` with `module: nodenext`; absent when nothing tells. */
  importEnding: z.enum(['', '.js', '.ts']).optional(),
});
export type TestPlan = z.output<typeof testPlan>;

export const budget = z.object({
  tokens: z.number().int().positive().max(1_000_000_000).optional(),
  usd: z.number().positive().max(1_000_000).optional(),
});
export type Budget = z.output<typeof budget>;

/** Who pays for cascades. */
export const tenantName = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/);

/** The four tiers, in the order in which a cascade goes through them. */
export const tierNames = ['stories', 'specs', 'programs', 'execution'] as const;

/** What every tier has to know of the run: carried by every event between tiers. */
export const project = z.object({
  request: z.string().min(1).max(20_000),
  /** Identity of the repository in the git cache. */
  repositoryId: z.string().regex(/^[a-z0-9][a-z0-9-]{0,80}$/),
  /** Name used in work-item keys. */
  repositoryName: z.string().min(1).max(200),
  branch: z.string().min(1).max(244),
  baseSha: z.string().regex(/^[0-9a-f]{40}$|^[0-9a-f]{64}$/),
  epicId: z.number().int().positive(),
  /** Slug: lower case, digits and hyphens. */
  epicName: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/).max(60),
  clarifications: z.enum(['assume', 'ask']),
  testPlan,
  /** The documentation graph knows the branch under this address, and can be asked for what prompts cannot hold; absent when it cannot, or need not. */
  docs: z.object({ repository: z.string().min(1).max(2000) }).optional(),
});
export type Project = z.output<typeof project>;

export const sha = project.shape.baseSha;

/** Where the report of a completed cascade is in its result. */
export const reportPath = (epicId: number | string): string => `docs/qa/reports/epic-${epicId}-report.md`;
