import type { Risk } from '@cascade/contracts';

/** At this score a story's gate has concerns (risk-profile of BMAD v4). */
export const concernScore = 6;
/** At this score a story's gate fails. */
export const failScore = 9;

export type RiskLevel = 'Critical' | 'High' | 'Medium' | 'Low' | 'Minimal';

export const riskScore = (risk: Pick<Risk, 'probability' | 'impact'>): number => risk.probability * risk.impact;

export function riskLevel(score: number): RiskLevel {
  if (score >= failScore) return 'Critical';
  if (score >= concernScore) return 'High';
  if (score >= 4) return 'Medium';
  return score >= 2 ? 'Low' : 'Minimal';
}

/** Highest score first; equal scores by id, so that documents are the same in every run. */
export function byScore(risks: readonly Risk[]): Risk[] {
  return [...risks].sort((left, right) => riskScore(right) - riskScore(left) || (left.id < right.id ? -1 : 1));
}

/** 0 when there is no risk. */
export const highestRisk = (risks: readonly Risk[]): number => risks.reduce((highest, risk) => Math.max(highest, riskScore(risk)), 0);

/** 100 for a story without risks, less 20 per critical, 10 per high, 5 per medium and 2 per low one, never below 0. */
export function storyRiskScore(risks: readonly Risk[]): number {
  const cost: Record<RiskLevel, number> = { Critical: 20, High: 10, Medium: 5, Low: 2, Minimal: 0 };
  return Math.max(0, risks.reduce((score, risk) => score - cost[riskLevel(riskScore(risk))], 100));
}

export interface RiskSummary {
  readonly totals: { readonly critical: number; readonly high: number; readonly medium: number; readonly low: number };
  /** Absent when there is no risk. */
  readonly highest?: { readonly id: string; readonly score: number; readonly title: string };
  readonly recommendations: { readonly must_fix: string[]; readonly monitor: string[] };
}

/** The `risk_summary` block of a gate file. */
export function riskSummary(risks: readonly Risk[]): RiskSummary {
  const count = (...levels: RiskLevel[]): number => risks.filter((risk) => levels.includes(riskLevel(riskScore(risk)))).length;
  const sorted = byScore(risks);
  const highest = sorted[0];
  return {
    totals: { critical: count('Critical'), high: count('High'), medium: count('Medium'), low: count('Low', 'Minimal') },
    ...(highest === undefined ? {} : { highest: { id: highest.id, score: riskScore(highest), title: highest.title } }),
    recommendations: {
      must_fix: sorted.filter((risk) => riskScore(risk) >= failScore).map((risk) => `${risk.id}: ${risk.mitigation}`),
      monitor: sorted.filter((risk) => riskScore(risk) >= concernScore && riskScore(risk) < failScore).map((risk) => `${risk.id}: ${risk.mitigation}`),
    },
  };
}
