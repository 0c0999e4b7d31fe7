import { z } from 'zod';
import { programsReady, redisKeys, retryable, sha, gateDecision, relativePath, storyId, taskEvidence, taskId, type DataOf, type StateWrite } from '@cascade/contracts';

/** What tier 3 was given, unchanged for the whole cascade. */
export type Plan = DataOf<typeof programsReady>;

const unitState = z.object({
  /** `waiting` → `started` → `integrated`; a conflict starts it again with the next attempt. */
  status: z.enum(['waiting', 'started', 'integrated']),
  attempt: z.number().int().min(0),
  commitSha: sha.optional(),
  evidence: taskEvidence.optional(),
  /** Trace context of what integrated it. */
  trace: z.string().optional(),
});
export type UnitState = z.output<typeof unitState>;

/** `trace`: context of the span that decided it. */
const verdict = z.object({ gate: gateDecision, reasons: z.array(z.string()), gatePath: relativePath, trace: z.string().optional() });
export type StoryVerdict = z.output<typeof verdict>;

/**
 * The task graph of one cascade. Every event about it makes a new version; the outcome that carries a version is refused
 * when another event was faster, and the handler looks again. So no two events ever decide on the same state.
 */
export interface GraphState {
  readonly version: number;
  readonly plan: Plan;
  /** By unit id. */
  readonly units: Readonly<Record<string, UnitState>>;
  /** By story id: stories whose gate is decided. */
  readonly verdicts: Readonly<Record<string, StoryVerdict>>;
  readonly finished: boolean;
}

/** The state behind the hash, or undefined before the graph is saved. Throws `CASC_GRAPH_UNREADABLE` (retryable). */
export function parseGraph(hash: Readonly<Record<string, string>>): GraphState | undefined {
  if (hash['version'] === undefined) return undefined;
  try {
    return {
      version: Number(hash['version']),
      plan: programsReady.schema.parse(JSON.parse(hash['plan'] ?? '')),
      units: pick(hash, 'unit:', taskId, unitState),
      verdicts: pick(hash, 'story:', storyId, verdict),
      finished: hash['finished'] === 'true',
    };
  } catch (error) {
    throw retryable('CASC_GRAPH_UNREADABLE', `The task graph in Redis cannot be read: ${(error as Error).message.slice(0, 500)}`, { cause: error });
  }
}

function pick<T>(hash: Readonly<Record<string, string>>, prefix: string, name: z.ZodType<string>, schema: z.ZodType<T>): Record<string, T> {
  const fields = Object.entries(hash).filter(([field]) => field.startsWith(prefix));
  return Object.fromEntries(fields.map(([field, text]) => [name.parse(field.slice(prefix.length)), schema.parse(JSON.parse(text))]));
}

/** The write that makes `state` the graph's state; the plan is written with the first version only. */
export function graphWrite(cascadeId: string, state: GraphState): StateWrite {
  return {
    key: redisKeys.graph(cascadeId),
    fields: {
      version: String(state.version),
      finished: String(state.finished),
      ...(state.version === 1 ? { plan: JSON.stringify(state.plan) } : {}),
      ...Object.fromEntries(Object.entries(state.units).map(([id, unit]) => [`unit:${id}`, JSON.stringify(unit)])),
      ...Object.fromEntries(Object.entries(state.verdicts).map(([id, story]) => [`story:${id}`, JSON.stringify(story)])),
    },
  };
}

/** What must still be true of the hash when the outcome of a decision on `state` is committed. */
export const expectVersion = (cascadeId: string, state: GraphState | undefined): { key: string; field: string; value: string } =>
  ({ key: redisKeys.graph(cascadeId), field: 'version', value: state === undefined ? '' : String(state.version) });
