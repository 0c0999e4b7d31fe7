import type { CascadeSummary, Program } from '@cascade/contracts';
import { riskScore } from '@cascade/bmad';
import type { GraphState } from './graph-state.js';
import { worstGate } from './story-gate.js';

export const resultBranch = (state: GraphState): string => `cascade/${state.plan.project.epicId}-${state.plan.project.epicName}`;

/** What came out, for people. A test task's proof is counted with the code task that it belongs to. */
export function summarise(state: GraphState, commitSha: string): CascadeSummary {
  const { plan } = state;
  const stories = plan.stories.map((story) => ({
    id: story.id, title: story.title, highestRisk: Math.max(0, ...story.risks.map(riskScore)),
    gate: state.verdicts[story.id]?.gate ?? 'PASS' as const, reasons: state.verdicts[story.id]?.reasons ?? [],
  }));
  return {
    branch: resultBranch(state), commitSha, stories, tasks: plan.programs.map((program) => taskLine(program, state)),
    featureDirectory: plan.featureDirectory, gate: worstGate(stories.map((story) => story.gate)),
  };
}

function taskLine(program: Program, state: GraphState): CascadeSummary['tasks'][number] {
  const { id, title, kind } = program.task;
  const lead = kind === 'test' ? state.plan.programs.find((candidate) => candidate.tests.includes(id)) : program;
  const unit = state.units[lead?.task.id ?? id];
  const evidence = unit?.evidence;
  const tests = evidence?.testTasks?.[id];
  const commitSha = kind === 'test' ? tests?.commitSha : unit?.commitSha;
  const redTests = { test: tests?.red ?? 0, code: evidence?.redTests.length ?? 0, chore: 0 }[kind];
  return { id, title, kind, ...(commitSha === undefined ? {} : { commitSha }), redTests, attempts: kind === 'test' ? 0 : (evidence?.attempts ?? 0) };
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

/** The report of an epic as Markdown, committed with the result. */
export function renderReport(state: GraphState, summary: Pick<CascadeSummary, 'stories' | 'tasks' | 'gate'>): string {
  const { plan } = state;
  const stories = summary.stories.map((story) => `| ${story.id} | ${cell(story.title)} | ${story.highestRisk} | ${story.gate} | ${cell(story.reasons.join('; ') || '-')} |`);
  const tasks = summary.tasks.map((task) => {
    const proof = task.kind === 'code' ? `${task.redTests} red → green` : task.kind === 'test' ? `${task.redTests} red, then locked` : 'suite green';
    return `| ${task.id} | ${task.kind} | ${cell(task.title)} | ${proof} | ${task.kind === 'test' ? '-' : task.attempts} | ${task.commitSha?.slice(0, 10) ?? '-'} |`;
  });
  return [
    `# Epic ${plan.epic.id}: ${cell(plan.epic.title)}`,
    `Gate: **${summary.gate}**. Specification: \`${plan.featureDirectory}/\`.`,
    '## Stories', ['| Story | Title | Highest risk | Gate | Reasons |', '|---|---|---|---|---|', ...stories].join('\n'),
    '## Tasks', ['| Task | Kind | Title | Proof | Runs until green | Commit |', '|---|---|---|---|---|---|', ...tasks].join('\n'),
    '## Evidence', ...plan.programs.filter((program) => program.task.kind === 'code').map((program) => evidence(program, state)),
  ].join('\n\n') + '\n';
}

function evidence(program: Program, state: GraphState): string {
  const proof = state.units[program.task.id]?.evidence;
  const locked = Object.entries(proof?.lockedTests ?? {}).sort(([a], [b]) => (a < b ? -1 : 1)).map(([path, hash]) => `- locked \`${path}\` (SHA-256 \`${hash.slice(0, 16)}…\`)`);
  return [`### ${program.task.id}`, '', ...(proof?.redTests ?? []).map((name) => `- red → green: ${cell(name)}`), ...locked].join('\n');
}
