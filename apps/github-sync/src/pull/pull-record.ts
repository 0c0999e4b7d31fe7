import { cascadeSummary, gateDecision, sha, type CascadeSummary, type GateDecision } from '@cascade/contracts';
import { z } from 'zod';

const stored = z.object({
  repository_id: z.string().optional(),
  base: z.string().optional(),
  branch: z.string().optional(),
  completed: z.string().optional(),
  /** What was pushed last. */
  pushed: sha.optional(),
  number: z.coerce.number().int().positive().optional(),
  title: z.string().optional(),
  draft: z.enum(['true', 'false']).optional(),
  block: z.string().optional(),
});
const verified = z.object({ gate: gateDecision, sha, at: z.string() });

/** What `github:pull:<cascade>` holds: what is wanted, from events, and what is there. */
export interface PullRecord {
  readonly repositoryId: string | undefined;
  readonly base: string;
  readonly branch: string;
  /** The commit that shall be seen. */
  readonly sha: string;
  readonly gate: GateDecision;
  /** Set when the cascade is completed. */
  readonly summary: CascadeSummary | undefined;
  readonly pushed: string | undefined;
  readonly number: number | undefined;
  /** As we wrote it last: another title on GitHub is a person's. */
  readonly title: string | undefined;
  readonly isDraft: boolean | undefined;
  /** The managed block as written last. */
  readonly block: string | undefined;
}

const rank: Readonly<Record<GateDecision, number>> = { PASS: 0, CONCERNS: 1, FAIL: 2 };

/** undefined while no story is verified and nothing completed. Throws ZodError when something else wrote the key. */
export function parsePullRecord(hash: Readonly<Record<string, string>>): PullRecord | undefined {
  const { repository_id: repositoryId, base, branch, completed, pushed, number, title, draft, block } = stored.parse(hash);
  const summary = completed === undefined ? undefined : cascadeSummary.parse(JSON.parse(completed));
  const stories = Object.entries(hash).flatMap(([field, text]) => (field.startsWith('verified:') ? [verified.parse(JSON.parse(text))] : []));
  const last = stories.toSorted((a, b) => (a.at < b.at ? -1 : 1)).at(-1);
  const commit = summary?.commitSha ?? last?.sha;
  const name = summary?.branch ?? branch;
  if (commit === undefined || name === undefined || base === undefined) return undefined;
  const gate = summary?.gate ?? stories.reduce<GateDecision>((worst, story) => (rank[story.gate] > rank[worst] ? story.gate : worst), 'PASS');
  return { repositoryId, base, branch: name, sha: commit, gate, summary, pushed, number, title, isDraft: draft === undefined ? undefined : draft === 'true', block };
}
