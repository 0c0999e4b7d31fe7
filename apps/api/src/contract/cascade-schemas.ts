import { cascadeSummary, gateDecision, isCascadeId, tierNames } from '@cascade/contracts';
import { cascadeStates, progressLine } from '@cascade/state';
import { z } from 'zod';

export const cascadeId = z.string().refine(isCascadeId, 'takes up to 200 letters, digits and . _ ~ -').meta({ maxLength: 200, pattern: '^[\\w.~-]{1,200}$' });
export const cascadeParams = z.strictObject({ id: cascadeId });

const told = z.object({ code: z.string(), kind: z.string().optional(), message: z.string(), advice: z.string().optional(), findings: z.array(z.string()).optional(), retryAfterMs: z.number().optional() });

const fields = {
  id: z.string(),
  state: z.enum(cascadeStates),
  request: z.string(),
  repository: z.string(),
  branch: z.string().optional(),
  createdAt: z.string(),
  endedAt: z.string().optional(),
  deadline: z.string().describe('RFC 3339. While it is paused: when waiting ends at the latest.'),
  deadlineLeftMs: z.number().optional().describe('What remains of a deadline that is paused.'),
  /** Which it is in. */
  tier: z.number().int().optional(),
  questions: z.array(z.object({ name: z.string(), text: z.string() })).describe('What it waits for.'),
  problem: told.optional(),
  cleanUp: z.enum(['done', 'parked']).optional(),
  cleanUpProblem: told.optional(),
  spend: z.object({
    calls: z.number().int(), promptTokens: z.number().int(), completionTokens: z.number().int(), usd: z.number(),
    budget: z.object({ tokens: z.number().optional(), usd: z.number().optional() }),
  }),
  gate: gateDecision.optional().describe('Of the whole result.'),
};

/** A cascade in a list and in its event stream. */
export const cascadeShort = z.object(fields);
export type CascadeShort = z.output<typeof cascadeShort>;

export const tierView = z.object({
  tier: z.number().int(),
  name: z.enum(tierNames),
  state: z.enum(['waiting', 'active', 'ended', 'expired']),
  folder: z.string().optional().describe('Where its artefacts are.'),
});

export const storyView = z.object({
  id: z.string(), key: z.string().describe('Of its work item.'), title: z.string(), status: z.string(),
  riskScore: z.number().optional(), gate: gateDecision.optional(), gatePath: z.string().optional(), documentPath: z.string(),
});

export const taskView = z.object({
  id: z.string(), key: z.string().describe('Of its work item.'), storyId: z.string().optional(), title: z.string(), status: z.string(), kind: z.string().optional(),
  dependsOn: z.array(z.string()), redTests: z.number().int().optional(), attempts: z.number().int().optional().describe('Runs until green.'), commit: z.string().optional(),
});

export const cascadeView = z.object({ ...fields, tiers: z.array(tierView), stories: z.array(storyView), tasks: z.array(taskView), summary: cascadeSummary.optional() });
export type CascadeView = z.output<typeof cascadeView>;

export const startedCascade = z.object({ id: z.string(), state: z.literal('running') });
export const cancelled = z.object({ id: z.string(), result: z.enum(['ended', 'already-ended']), state: z.enum(cascadeStates) });
export const answered = z.object({ id: z.string(), name: z.string(), result: z.enum(['answered', 'repeated']) });

/** Data of the events `progress`, `state` and `end` of an event stream. */
export const progressEvent = z.object({ at: z.string(), service: z.string(), line: progressLine });

export const transcript = z.object({
  messages: z.array(z.object({ number: z.number().int(), at: z.string(), event: z.looseObject({ type: z.string() }) })),
  next: z.number().int().optional().describe('Where the next page begins; absent when there is nothing more (yet).'),
});

export const artefactList = z.object({
  commit: z.string(),
  files: z.array(z.object({ path: z.string(), bytes: z.number().int() })),
  more: z.boolean(),
});
