import type { Story } from '@cascade/contracts';
import { concernScore, failScore, riskScore } from '../risk-level.js';
import { concern, fail, type Finding } from './finding.js';

/** Score = probability × impact: 9 stops the story, 6 is a concern (risk-profile of BMAD v4). */
export function checkRiskScores(story: Story): Finding[] {
  return story.risks.filter((risk) => riskScore(risk) >= concernScore).map((risk) => {
    const text = `risk ${risk.id} "${risk.title}" has a score of ${riskScore(risk)} (probability ${risk.probability} × impact ${risk.impact})`;
    return riskScore(risk) >= failScore
      ? fail('risk-critical', `${text}; narrow the story, choose a safer approach or mitigate it, so that the score is below ${failScore}`, story.id)
      : concern('risk-high', text, story.id);
  });
}

/** A risk that matters needs a planned test that would show it; a test may only name risks that exist. */
export function checkRiskMitigation(story: Story): Finding[] {
  const known = new Set<string>(story.risks.map((risk) => risk.id));
  const unknown = story.scenarios.flatMap((scenario) => scenario.mitigates.filter((id) => !known.has(id))
    .map((id) => fail('risk-unknown', `scenario ${scenario.id} mitigates ${id}, which is not a risk of this story`, story.id)));
  const open = story.risks.filter((risk) => riskScore(risk) >= concernScore).flatMap((risk) => {
    const tests = story.scenarios.filter((scenario) => scenario.mitigates.includes(risk.id));
    if (tests.length === 0) return [fail('risk-unmitigated', `risk ${risk.id} has a score of ${riskScore(risk)} and no scenario names it in "mitigates"`, story.id)];
    return tests.some((scenario) => scenario.priority === 'P0') ? [] : [concern('risk-unmitigated', `no scenario that mitigates risk ${risk.id} (score ${riskScore(risk)}) has priority P0`, story.id)];
  });
  return [...unknown, ...open];
}
