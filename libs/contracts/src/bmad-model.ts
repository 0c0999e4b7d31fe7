import { z } from 'zod';

const line = z.string().min(1).max(500);
const text = z.string().min(1).max(4000);

/** BMAD v4 risk profile entry; score = probability × impact (risk-profile.md of BMAD v4). */
export const risk = z.object({
  id: z.string().regex(/^(TECH|SEC|PERF|DATA|BUS|OPS)-\d{3}$/),
  title: line,
  description: text,
  probability: z.number().int().min(1).max(3),
  impact: z.number().int().min(1).max(3),
  mitigation: text,
});
export type Risk = z.output<typeof risk>;

export const acceptanceCriterion = z.object({ id: z.number().int().positive(), given: line, when: line, then: line });
export type AcceptanceCriterion = z.output<typeof acceptanceCriterion>;

/** BMAD v4 test-design scenario, e.g. `1.2-UNIT-001`. */
export const testScenario = z.object({
  id: z.string().regex(/^\d+\.\d+-(UNIT|INT|E2E)-\d{3}$/),
  criterion: z.number().int().positive(),
  level: z.enum(['unit', 'integration', 'e2e']),
  priority: z.enum(['P0', 'P1', 'P2', 'P3']),
  description: line,
  mitigates: z.array(risk.shape.id).max(20),
});
export type TestScenario = z.output<typeof testScenario>;

export const storyId = z.string().regex(/^[1-9]\d*\.[1-9]\d*$/);

export const story = z.object({
  id: storyId,
  title: line,
  asA: line,
  iWant: line,
  soThat: line,
  criteria: z.array(acceptanceCriterion).min(1).max(20),
  /** Requirement ids of the epic that it covers, e.g. `FR1`. */
  requirements: z.array(z.string().regex(/^N?FR[1-9]\d*$/)).min(1).max(30),
  dependsOn: z.array(storyId).max(20),
  tasks: z.array(z.object({ title: line, criteria: z.array(z.number().int().positive()).max(20) })).min(1).max(30),
  /** Facts for the developer, each with the place it comes from, e.g. `src/cart.js#L1-L20`. */
  devNotes: z.array(z.object({ note: text, source: line })).max(30),
  risks: z.array(risk).max(20),
  scenarios: z.array(testScenario).min(1).max(60),
});
export type Story = z.output<typeof story>;

export const requirement = z.object({ id: z.string().regex(/^N?FR[1-9]\d*$/), text: line });

export const epic = z.object({
  id: z.number().int().positive(),
  title: line,
  goal: text,
  background: text,
  requirements: z.array(requirement).min(1).max(40),
});
export type Epic = z.output<typeof epic>;

export const gateDecision = z.enum(['PASS', 'CONCERNS', 'FAIL']);
export type GateDecision = z.output<typeof gateDecision>;
