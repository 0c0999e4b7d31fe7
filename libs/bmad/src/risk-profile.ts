import { risk as riskSchema, type Risk, type Story } from '@cascade/contracts';
import { z } from 'zod';
import { escapeInline, table, unescapeInline } from './inline-text.js';
import { byScore, concernScore, failScore, riskLevel, riskScore, riskSummary, storyRiskScore } from './risk-level.js';
import { capture, documentInvalid, sectionBody, splitSections } from './sections.js';
import { tidyStory } from './tidy.js';

const kind = 'risk profile';
const ratings = ['Low', 'Medium', 'High'];
const rating = (value: number): string => `${ratings[value - 1] ?? 'High'} (${value})`;

/** `docs/qa/assessments/E.S-risk-….md` with the headings of BMAD v4's risk-profile task. */
export function renderRiskProfile(story: Story, date: string): string {
  const risks = byScore(tidyStory(story).risks);
  const severe = risks.filter((risk) => riskScore(risk) >= concernScore);
  const triggers = ['- An acceptance criterion of the story changes.', '- A test that mitigates a risk is removed or skipped.'].join('\n');
  return `${[
    `# Risk Profile: Story ${story.id}`,
    `Date: ${date}`,
    `## Executive Summary\n\n${summary(risks)}`,
    `## Critical Risks Requiring Immediate Attention\n\n${critical(risks)}`,
    `## Risk Distribution\n\n${distribution(risks)}`,
    `## Detailed Risk Register\n\n${table(['Risk ID', 'Description', 'Probability', 'Impact', 'Score', 'Priority'], risks.map((risk) => [
      risk.id, risk.title, rating(risk.probability), rating(risk.impact), riskScore(risk), riskLevel(riskScore(risk)),
    ]))}`,
    ...risks.map(renderRisk),
    `## Risk-Based Testing Strategy\n\n${strategy(story)}`,
    `## Risk Acceptance Criteria\n\n- A risk with a score of ${failScore} stops the story.\n- A risk with a score of ${concernScore} is accepted with concerns and needs a test that mitigates it.`,
    `## Monitoring Requirements\n\n${severe.length === 0 ? 'None.' : severe.map((risk) => `- ${risk.id}`).join('\n')}`,
    `## Risk Review Triggers\n\n${triggers}`,
  ].join('\n\n')}\n`;
}

function summary(risks: readonly Risk[]): string {
  const { critical: most, high } = riskSummary(risks).totals;
  return `- Total Risks Identified: ${risks.length}\n- Critical Risks: ${most}\n- High Risks: ${high}\n- Risk Score: ${storyRiskScore(risks)}/100`;
}

function critical(risks: readonly Risk[]): string {
  const most = risks.filter((risk) => riskScore(risk) >= failScore);
  return most.length === 0 ? 'None.' : most.map((risk) => `- ${risk.id}: ${escapeInline(risk.title)}`).join('\n');
}

function distribution(risks: readonly Risk[]): string {
  const categories = [...new Set(risks.map((risk) => risk.id.slice(0, -4)))].sort();
  if (categories.length === 0) return 'No risks.';
  return table(['Category', 'Risks', 'Highest Score'], categories.map((category) => {
    const own = risks.filter((risk) => risk.id.startsWith(`${category}-`));
    return [category, own.length, Math.max(...own.map(riskScore))];
  }));
}

function renderRisk(risk: Risk): string {
  return [
    `### ${risk.id}: ${escapeInline(risk.title)}`,
    `**Score:** ${riskScore(risk)} (${riskLevel(riskScore(risk))})`,
    `**Probability:** ${rating(risk.probability)}`,
    `**Impact:** ${rating(risk.impact)}`,
    `**Description:** ${escapeInline(risk.description)}`,
    `**Mitigation:** ${escapeInline(risk.mitigation)}`,
  ].join('\n\n');
}

function strategy(story: Story): string {
  const rows = byScore(story.risks).map((risk) => {
    const tests = story.scenarios.filter((scenario) => scenario.mitigates.includes(risk.id)).map((scenario) => scenario.id);
    return `- ${risk.id}: ${tests.length === 0 ? 'no test planned' : tests.join(', ')}`;
  });
  return rows.length === 0 ? 'No risks.' : rows.join('\n');
}

/** The risks of a profile, highest score first. Throws CASC_BMAD_DOCUMENT_INVALID when one is malformed. */
export function parseRiskProfile(markdown: string): { storyId: string; risks: Risk[] } {
  const sections = splitSections(markdown);
  const head = /^Risk Profile: Story (\d+\.\d+)$/.exec(sections[0]?.title ?? '');
  if (head === null) throw documentInvalid(kind, 'the first heading is not "# Risk Profile: Story E.S"');
  sectionBody(kind, sections, 'Detailed Risk Register');
  const risks = sections.flatMap((section) => {
    const found = section.level === 3 ? /^([A-Z]+-\d{3}): (.*)$/.exec(section.title) : null;
    if (found === null) return [];
    const field = (name: string): string => capture(kind, section.body, new RegExp(`^\\*\\*${name}:\\*\\* (.*)$`, 'm'), `"${name}" of ${found[1]}`);
    const parsed = riskSchema.safeParse({
      id: found[1], title: unescapeInline(found[2] ?? ''), description: unescapeInline(field('Description')), mitigation: unescapeInline(field('Mitigation')),
      probability: Number(/\d/.exec(field('Probability'))?.[0]), impact: Number(/\d/.exec(field('Impact'))?.[0]),
    });
    if (!parsed.success) throw documentInvalid(kind, z.prettifyError(parsed.error));
    return [parsed.data];
  });
  return { storyId: head[1] ?? '', risks };
}
