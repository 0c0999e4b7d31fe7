import type { GateDecision, Risk, TestScenario } from '@cascade/contracts';
import { concernScore, failScore, riskScore } from './risk-level.js';

/** What the finished work shows for one acceptance criterion. */
export interface CriterionEvidence {
  readonly id: number;
  /** Names of tests that serve the criterion and pass; none means that nothing proves it. */
  readonly passingTests: readonly string[];
}

/** Prefixes of BMAD v4: SEC-, PERF-, REL-, TEST-, MNT-, ARCH-, DOC-, REQ-. */
export interface GateIssue {
  readonly id: string;
  readonly severity: 'low' | 'medium' | 'high';
  readonly finding: string;
  readonly suggestedAction: string;
}

export interface GateInput {
  readonly risks: readonly Risk[];
  readonly scenarios: readonly TestScenario[];
  readonly criteria: readonly CriterionEvidence[];
  readonly issues: readonly GateIssue[];
}

export interface GateVerdict {
  readonly gate: GateDecision;
  /** Why it is not PASS, worst first; empty for PASS. */
  readonly reasons: string[];
}

type Reason = readonly [gate: GateDecision, text: string];
const rank: Record<GateDecision, number> = { PASS: 0, CONCERNS: 1, FAIL: 2 };

/**
 * The gate of a story: the worst of three verdicts, so that it does not depend on the order in which they are looked at
 * (review-story of BMAD v4 lists the rules in two different orders).
 *
 * - risks: a score of 9 fails, 6 raises concerns;
 * - trace: a criterion without a passing test raises concerns, and fails when a P0 scenario for it guards against a
 *   security or data risk, or when no criterion at all is proved;
 * - issues: high fails, medium raises concerns.
 */
export function decideGate(input: GateInput): GateVerdict {
  const reasons = [...riskReasons(input.risks), ...traceReasons(input), ...issueReasons(input.issues)].sort((left, right) => rank[right[0]] - rank[left[0]]);
  return { gate: reasons[0]?.[0] ?? 'PASS', reasons: reasons.map(([, text]) => text) };
}

function riskReasons(risks: readonly Risk[]): Reason[] {
  return risks.filter((risk) => riskScore(risk) >= concernScore).map((risk) => [
    riskScore(risk) >= failScore ? 'FAIL' : 'CONCERNS', `risk ${risk.id} has a score of ${riskScore(risk)}: ${risk.title}`,
  ]);
}

function traceReasons({ criteria, scenarios }: GateInput): Reason[] {
  const unproved = criteria.filter((criterion) => criterion.passingTests.length === 0);
  if (criteria.length === 0 || unproved.length === criteria.length) return [['FAIL', 'no acceptance criterion is proved by a passing test']];
  return unproved.map((criterion) => {
    const critical = scenarios.some((scenario) => scenario.criterion === criterion.id && scenario.priority === 'P0' && scenario.mitigates.some((id) => /^(SEC|DATA)-/.test(id)));
    return [critical ? 'FAIL' : 'CONCERNS', `acceptance criterion ${criterion.id} is not proved by a passing test`];
  });
}

function issueReasons(issues: readonly GateIssue[]): Reason[] {
  return issues.filter((issue) => issue.severity !== 'low').map((issue) => [issue.severity === 'high' ? 'FAIL' : 'CONCERNS', `${issue.id} (${issue.severity}): ${issue.finding}`]);
}
