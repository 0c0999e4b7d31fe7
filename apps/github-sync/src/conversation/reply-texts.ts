import { inline } from '@cascade/github';
import type { CascadeRecord, OpenQuestion } from '@cascade/state';
import type { Answered } from './answered.js';
import type { Start } from './runs.js';

/** Texts of models and repositories in what we write are quoted, and neither notify nor link anybody. */
const quoted = (text: string): string => text.split('\n').map((line) => `> ${inline(line)}`.trimEnd()).join('\n');

const howTo = 'Steer it with a comment: `/cascade status`, `/cascade cancel`, `/cascade approve`, `/cascade answer …`, `/cascade retry`.';

export const startedText = (start: Start): string => (start.kind === 'running'
  ? `Cascade \`${start.cascadeId}\` is working on this issue already. \`/cascade cancel\` ends it.`
  : `Cascade \`${start.cascadeId}\` works on this. What it plans and does shows up here as sub-issues.\n\n${howTo}`);

export function questionText({ name, text }: OpenQuestion, requester: string | undefined): string {
  const isApproval = name.startsWith('approve/');
  const how = isApproval ? 'Comment `/cascade approve`, or `/cascade answer no, <reason>`, which ends the cascade.' : 'Comment `/cascade answer <your answer>`.';
  const direct = requester === undefined ? '' : ` @${requester}: a plain comment of yours is taken as the answer, too, while this is the only open question.`;
  return `**Cascade asks** (\`${name.replaceAll('`', "'")}\`):\n\n${quoted(text)}\n\n${how}${direct} The first answer counts; the deadline stands still meanwhile.`;
}

export function answeredText(answered: Answered): string {
  switch (answered.kind) {
    case 'answered': return `Thank you: that is the answer to \`${answered.name.replaceAll('`', "'")}\`. Cascade goes on.`;
    case 'refused': return `This was not taken as an answer. ${inline(answered.why)}`;
    case 'which': return answered.open.length === 0
      ? 'Cascade waits for no answer here.'
      : `Several questions are open; say which one is meant: ${answered.open.map((name) => `\`/cascade answer ${name.replaceAll("`", "'")}: …\``).join(', ')}.`;
  }
}

const stateNames: Readonly<Record<CascadeRecord['state'], string>> = {
  running: 'is running', waiting: 'waits for an answer', completed: 'is completed', failed: 'failed', timed_out: 'ran out of time', cancelled: 'is cancelled',
};

export function statusText(record: CascadeRecord | undefined, cascadeId: string | undefined): string {
  if (cascadeId === undefined) return 'No cascade belongs to this issue. `/cascade run` starts one.';
  if (record === undefined) return `Cascade \`${cascadeId}\` was asked for, and waits to be begun (or is so old that it is forgotten).`;
  const tier = record.tier === undefined ? '' : ` in tier ${record.tier} of 3`;
  return [
    `Cascade \`${record.id}\` ${stateNames[record.state]}${record.state === 'running' ? tier : ''}.`,
    '',
    `- begun ${record.createdAt}, ${record.endedAt === undefined ? `has until ${record.deadline}` : `ended ${record.endedAt}`}`,
    `- ${record.usage.calls} calls of the model, ${record.usage.promptTokens + record.usage.completionTokens} tokens`,
    ...(record.problem === undefined ? [] : [`- ${inline(record.problem.message)} (${record.problem.code})`]),
    ...record.questions.map(({ name, text }) => `- asks \`${name.replaceAll('`', "'")}\`: ${inline(text.slice(0, 300))}`),
    ...(record.summary === undefined ? [] : [`- branch \`${record.summary.branch}\`, gate ${record.summary.gate}`]),
  ].join('\n');
}

export const cancelledText = (cascadeId: string | undefined, state: CascadeRecord['state'] | undefined): string =>
  (cascadeId === undefined || state === undefined ? 'There is no cascade to cancel here.' : `Cascade \`${cascadeId}\` ${stateNames[state]}.`);

export function refusedText(why: string, verb: string): string {
  const reasons: Readonly<Record<string, string>> = {
    'unknown-verb': `\`${verb.replaceAll('`', "'")}\` is no command.`,
    'several-commands': 'One command in a comment, please; nothing was done.',
    'unexpected-text': `\`/cascade ${verb.replaceAll('`', "'")}\` does not take what stands behind it; nothing was done.`,
    'text-missing': `\`/cascade ${verb.replaceAll('`', "'")}\` needs a text.`,
  };
  return `${reasons[why] ?? 'This is no command.'} Known are \`run\`, \`status\`, \`cancel\`, \`retry\`, \`approve\` and \`answer …\`.`;
}

/** What an issue is told when its cascade has ended. */
export function endingText(record: CascadeRecord | undefined, cascadeId: string, pull: string | undefined): string {
  if (record === undefined) return `Cascade \`${cascadeId}\` ended before it began. \`/cascade retry\` tries it again.`;
  if (record.state === 'completed') {
    const where = pull === undefined ? `The result is on branch \`${record.summary?.branch ?? ''}\`.` : `The result is in ${pull}.`;
    return `Cascade \`${cascadeId}\` is completed, QA gate **${record.summary?.gate ?? '?'}**. ${where}`;
  }
  const why = record.problem === undefined ? '' : `\n\n${quoted(record.problem.message)}\n\n\`${record.problem.code}\``;
  const advice = record.problem?.advice === undefined ? '' : ` · ${inline(record.problem.advice)}`;
  return `Cascade \`${cascadeId}\` ${stateNames[record.state]}; its open issues are closed as not planned.${why}${advice}\n\n\`/cascade retry\` tries it again.`;
}
