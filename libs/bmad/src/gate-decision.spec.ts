import { describe, expect, it } from '@jest/globals';
import type { GateDecision, Risk, TestScenario } from '@cascade/contracts';
import fc from 'fast-check';
import { decideGate, type GateInput } from './gate-decision.js';
import { riskArbitrary } from './testing/arbitraries.js';

const proved = [{ id: 1, passingTests: ['adds'] }, { id: 2, passingTests: ['rejects'] }];
const base: GateInput = { risks: [], scenarios: [], criteria: proved, issues: [] };
const risk = (probability: number, impact: number): Risk => ({ id: 'TECH-001', title: 't', description: 'd', probability, impact, mitigation: 'm' });
const guard: TestScenario = { id: '1.1-UNIT-001', criterion: 2, level: 'unit', priority: 'P0', description: 'd', mitigates: ['SEC-001'] };
const gap = [proved[0] ?? { id: 1, passingTests: [] }, { id: 2, passingTests: [] }];

describe('decideGate', () => {
  it.each<[string, Partial<GateInput>, GateDecision]>([
    ['all proved', {}, 'PASS'],
    ['a risk of 4', { risks: [risk(2, 2)] }, 'PASS'],
    ['a risk of 6', { risks: [risk(2, 3)] }, 'CONCERNS'],
    ['a risk of 9', { risks: [risk(3, 3)] }, 'FAIL'],
    ['one criterion unproved', { criteria: gap }, 'CONCERNS'],
    ['an unproved criterion that guards security', { criteria: gap, scenarios: [guard] }, 'FAIL'],
    ['nothing proved', { criteria: [{ id: 1, passingTests: [] }] }, 'FAIL'],
    ['no criteria', { criteria: [] }, 'FAIL'],
    ['a low issue', { issues: [{ id: 'DOC-001', severity: 'low', finding: 'f', suggestedAction: 's' }] }, 'PASS'],
    ['a medium issue', { issues: [{ id: 'TEST-001', severity: 'medium', finding: 'f', suggestedAction: 's' }] }, 'CONCERNS'],
    ['a high issue', { issues: [{ id: 'TEST-001', severity: 'high', finding: 'f', suggestedAction: 's' }] }, 'FAIL'],
  ])('%s → %s', (_, change, gate) => {
    const verdict = decideGate({ ...base, ...change });
    expect(verdict.gate).toBe(gate);
    expect(verdict.reasons.length > 0).toBe(gate !== 'PASS');
  });

  it('names the worst reason first', () => {
    const { reasons } = decideGate({ ...base, risks: [risk(2, 3)], issues: [{ id: 'SEC-001', severity: 'high', finding: 'leak', suggestedAction: 's' }] });
    expect(reasons).toEqual(['SEC-001 (high): leak', 'risk TECH-001 has a score of 6: t']);
  });

  it('never gets better by one more risk or issue', () => {
    const rank = { PASS: 0, CONCERNS: 1, FAIL: 2 };
    fc.assert(fc.property(fc.array(riskArbitrary, { maxLength: 4 }), riskArbitrary, (risks, more) => {
      expect(rank[decideGate({ ...base, risks: [...risks, more] }).gate]).toBeGreaterThanOrEqual(rank[decideGate({ ...base, risks }).gate]);
    }));
  });
});
