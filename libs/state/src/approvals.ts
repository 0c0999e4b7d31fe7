import type { Redis } from 'ioredis';
import { redisKeys, terminal, type ApprovalGate, type Run } from '@cascade/contracts';
import { z } from 'zod';

/** Times that a person is asked for one approval when the answers are neither yes nor no. */
export const MAX_APPROVAL_QUESTIONS = 5;
/** Most characters of what is shown of a proposal; the rest is in its documents. */
const MAX_SHOWN_CHARACTERS = 2_500;
const MAX_SHOWN_PATHS = 20;

const review = z.object({ repositoryId: z.string(), commit: z.string(), paths: z.array(z.string()) });
/** Documents that are to be approved, in a commit of the cache: they are not in the user's repository yet. */
export type Review = z.output<typeof review>;

export interface Proposal extends Review {
  /** As a question, e.g. `Publish the result as branch cascade/1-codes?` */
  readonly question: string;
  /** What a person has to know to decide, one line each. */
  readonly lines: readonly string[];
}

type Decision = { readonly kind: 'yes' } | { readonly kind: 'no'; readonly reason: string } | { readonly kind: 'unclear' };

/** `yes` or `approve`; `no`, with a reason or without; anything else is unclear. */
export function decisionOf(answer: string): Decision {
  if (/^\s*(?:yes|approved?)[\s.!]*$/i.test(answer)) return { kind: 'yes' };
  const no = /^\s*no(?![\p{L}\p{N}_])[\s:,;.–-]*(.*)$/isu.exec(answer);
  return no === null ? { kind: 'unclear' } : { kind: 'no', reason: no[1]?.trim() || 'no reason given' };
}

/** Points at which a person decides whether a cascade goes on, for the gates that its request names. */
export class Approvals {
  constructor(private readonly redis: Redis) {}

  /**
   * Returns at once when the request does not ask for this approval, or once somebody has approved; `needs-input` until
   * somebody has answered. Throws, terminal: CASC_APPROVAL_REFUSED, and CASC_APPROVAL_UNCLEAR after too many other answers.
   */
  async require(run: Run, gate: ApprovalGate, propose: () => Proposal): Promise<void> {
    const gates = await this.redis.hget(redisKeys.cascade(run.cascadeId), 'approve');
    if (gates?.split(',').includes(gate) !== true) return;
    const { question, lines, ...documents } = propose();
    await this.redis.hset(redisKeys.cascade(run.cascadeId), 'review', JSON.stringify(documents));
    const text = [question, ...shown(lines), '', ...whereToRead(run.cascadeId, documents)].join('\n');
    let again = '';
    for (let asked = 1; asked <= MAX_APPROVAL_QUESTIONS; asked += 1) {
      const answer = await run.ask(asked === 1 ? `approve/${gate}` : `approve/${gate}/${asked}`, `${again}${text}\nAnswer "yes", or "no" with the reason, which ends the cascade.`);
      const decision = decisionOf(answer);
      if (decision.kind === 'yes') return;
      if (decision.kind === 'no') throw refused(gate, decision.reason);
      again = `${JSON.stringify(answer.slice(0, 200))} is neither yes nor no (asked ${asked} times, at most ${MAX_APPROVAL_QUESTIONS}). Changes cannot be made here: refuse, and start again with a request that says more.\n\n`;
    }
    throw terminal('CASC_APPROVAL_UNCLEAR', `Nobody answered yes or no to ${MAX_APPROVAL_QUESTIONS} questions for the approval of: ${gate}.`, { advice: 'Start again; answer "yes", or "no" with the reason.' });
  }

  /** The documents that were shown for approval last; undefined when there were none. */
  async review(cascadeId: string): Promise<Review | undefined> {
    const text = await this.redis.hget(redisKeys.cascade(cascadeId), 'review');
    return text === null ? undefined : review.parse(JSON.parse(text));
  }
}

function refused(gate: ApprovalGate, reason: string): Error {
  return terminal('CASC_APPROVAL_REFUSED', `The approval was refused (${gate}): ${reason}`, { advice: 'Nothing was written into the repository. Start again with a request that says what should be different.' });
}

function shown(lines: readonly string[]): string[] {
  const kept: string[] = [];
  let characters = 0;
  for (const line of lines) {
    characters += line.length + 3;
    if (characters > MAX_SHOWN_CHARACTERS) return [...kept, `  … and ${lines.length - kept.length} more lines`];
    kept.push(`  ${line}`);
  }
  return kept;
}

function whereToRead(cascadeId: string, { paths }: Review): string[] {
  const more = paths.length > MAX_SHOWN_PATHS ? [`  … and ${paths.length - MAX_SHOWN_PATHS} more`] : [];
  return [`Read, with \`cascade show ${cascadeId} <path>\`:`, ...paths.slice(0, MAX_SHOWN_PATHS).map((path) => `  ${path}`), ...more];
}
