import type { Story } from '@cascade/contracts';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { decideGate, type CriterionEvidence, type GateIssue, type GateVerdict } from './gate-decision.js';
import { tidyLine } from './inline-text.js';
import { riskSummary } from './risk-level.js';
import { documentInvalid } from './sections.js';

const line = z.string().min(1).max(4000);
/** A gate file is a page, not an archive; a bigger one is refused before it is parsed. */
export const maxGateFileLength = 200_000;

/** The gate file of BMAD v4 (qa-gate-tmpl, schema 1): required fields first, in the template's order. */
export const gateFile = z.object({
  schema: z.literal(1),
  story: z.string().regex(/^\d+\.\d+$/),
  story_title: line,
  gate: z.enum(['PASS', 'CONCERNS', 'FAIL', 'WAIVED']),
  status_reason: line,
  reviewer: line,
  updated: z.iso.datetime(),
  waiver: z.discriminatedUnion('active', [z.object({ active: z.literal(false) }), z.object({ active: z.literal(true), reason: line, approved_by: line })]),
  top_issues: z.array(z.object({ id: line, severity: z.enum(['low', 'medium', 'high']), finding: line, suggested_action: line })),
  risk_summary: z.object({
    totals: z.object({ critical: z.number(), high: z.number(), medium: z.number(), low: z.number() }),
    highest: z.object({ id: line, score: z.number(), title: line }).optional(),
    recommendations: z.object({ must_fix: z.array(line), monitor: z.array(line) }),
  }),
  quality_score: z.number().int().min(0).max(100),
  evidence: z.object({
    tests_reviewed: z.number().int(),
    risks_identified: z.number().int(),
    trace: z.object({ ac_covered: z.array(z.number().int()), ac_gaps: z.array(z.number().int()) }),
  }),
}).refine((file) => (file.gate === 'WAIVED') === file.waiver.active, { message: 'a waiver is active exactly when the gate is WAIVED' });
export type GateFile = z.output<typeof gateFile>;

export interface GateFileInput {
  readonly story: Story;
  readonly criteria: readonly CriterionEvidence[];
  readonly issues: readonly GateIssue[];
  readonly reviewer: string;
  /** RFC 3339, UTC. */
  readonly updated: string;
}

/** Decides a story's gate and says what its file holds. */
export function buildGate(input: GateFileInput): { verdict: GateVerdict; file: GateFile } {
  const { story, criteria, issues } = input;
  const verdict = decideGate({ risks: story.risks, scenarios: story.scenarios, criteria, issues });
  const covered = criteria.filter((criterion) => criterion.passingTests.length > 0);
  const reason = verdict.reasons.length === 0 ? 'Every acceptance criterion is proved by a passing test and no risk is high.' : `${verdict.reasons.slice(0, 3).join('; ')}.`;
  const cost = { PASS: 0, CONCERNS: 10, FAIL: 20 }[verdict.gate];
  const file: GateFile = {
    schema: 1, story: story.id, story_title: tidyLine(story.title), gate: verdict.gate, status_reason: tidyLine(reason).slice(0, 4000), reviewer: input.reviewer, updated: input.updated,
    waiver: { active: false },
    top_issues: issues.map((issue) => ({ id: issue.id, severity: issue.severity, finding: issue.finding, suggested_action: issue.suggestedAction })),
    risk_summary: riskSummary(story.risks),
    quality_score: Math.max(0, 100 - cost * Math.max(1, verdict.reasons.length)),
    evidence: {
      tests_reviewed: new Set(criteria.flatMap((criterion) => criterion.passingTests)).size,
      risks_identified: story.risks.length,
      trace: { ac_covered: covered.map((criterion) => criterion.id), ac_gaps: criteria.filter((criterion) => criterion.passingTests.length === 0).map((criterion) => criterion.id) },
    },
  };
  return { verdict, file };
}

/** `docs/qa/gates/E.S-slug.yml`. Strings that YAML 1.1 readers would take for dates or booleans are quoted. */
export const renderGate = (file: GateFile): string => stringify(file, { compat: 'yaml-1.1', lineWidth: 0 });

/** Reads a gate file. Throws CASC_BMAD_DOCUMENT_INVALID with every problem when it is not one. */
export function parseGate(yaml: string): GateFile {
  if (yaml.length > maxGateFileLength) throw documentInvalid('gate file', `it is longer than ${maxGateFileLength} characters`);
  let value: unknown;
  try {
    value = parse(yaml, { maxAliasCount: 0 });
  } catch (error) {
    throw documentInvalid('gate file', `it is not YAML (${error instanceof Error ? (error.message.split('\n')[0] ?? '') : 'unreadable'})`);
  }
  const file = gateFile.safeParse(value);
  if (!file.success) throw documentInvalid('gate file', z.prettifyError(file.error));
  return file.data;
}
