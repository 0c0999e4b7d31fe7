import { Injectable } from '@nestjs/common';
import { isCascadeError, type Program, type Run } from '@cascade/contracts';
import { Model } from '@cascade/llm';
import { HostConfig } from '@cascade/service-host';
import { bodyProblems, clipped, MAX_SUBJECT, subjectProblems, wrapped } from './text-rules.js';

const MAX_BODY = 600;
const MAX_SUMMARY = 1_500;
/** Bound of an answer, and of what is reserved for it: a message must not take the budget away from work. */
const MAX_ANSWER_TOKENS = 2_000;
/** The shortest room for words behind the type; a longer scope is left out. */
const MIN_ROOM = 32;

export interface CommitWords {
  readonly subject: string;
  readonly body: string;
}

/** What a commit does, for whoever words it. */
export interface CommitFacts {
  /** `feat`, `test`, … */
  readonly type: string;
  readonly scope: string;
  readonly program: Program;
  readonly story: string | undefined;
  readonly diff: string;
}

/** What a pull request is worded from. */
export interface PullRequestFacts {
  readonly request: string;
  readonly title: string;
  readonly goal: string;
  /** One line a story. */
  readonly stories: readonly string[];
}

const kinds: Readonly<Record<string, string>> = { feat: 'code that makes tests pass', test: 'tests, written before the code that makes them pass', docs: 'documentation', chore: 'set-up' };

/**
 * Words commits and pull requests by the model. A plain text from what is known stands in when the configuration asks
 * for it, when the budget allows no call, and when the model fails or its answer is not acceptable: no work is lost for
 * want of words.
 */
@Injectable()
export class MessageWriter {
  constructor(private readonly model: Model, private readonly config: HostConfig) {}

  async commit(run: Run, step: string, facts: CommitFacts): Promise<CommitWords> {
    const { type, program: { task }, story, diff } = facts;
    const head = commitHead(type, facts.scope);
    const room = MAX_SUBJECT - head.length;
    return await this.orPlain(run, step, plainCommit(facts), async () => {
      const words = await this.model.call(run, step, 'MessagesCommit', [kinds[type] ?? type, `${task.id} ${task.title} (${task.paths.join(', ')})`, story ?? '', diff, room], {
        maxRepairs: 1, maxTokens: MAX_ANSWER_TOKENS, validate: ({ subject, body }) => [...subjectProblems('subject', subject, room), ...bodyProblems('body', body, MAX_BODY)],
      });
      return { subject: `${head}${words.subject.trim()}`, body: wrapped(words.body) };
    });
  }

  async pullRequest(run: Run, step: string, facts: PullRequestFacts): Promise<{ title: string; body: string }> {
    return await this.orPlain(run, step, plainPullRequest(facts), async () => {
      const words = await this.model.call(run, step, 'MessagesPullRequest', [facts.request, `${facts.title}\n${facts.goal}`, facts.stories.join('\n')], {
        maxRepairs: 1, maxTokens: MAX_ANSWER_TOKENS, validate: ({ title, summary }) => [...subjectProblems('title', title, MAX_SUBJECT), ...bodyProblems('summary', summary, MAX_SUMMARY)],
      });
      return { title: words.title.trim(), body: words.summary.trim() };
    });
  }

  private async orPlain<T>(run: Run, step: string, plain: T, ask: () => Promise<T>): Promise<T> {
    if (this.config.commitMessages === 'plain') return plain;
    try {
      return await ask();
    } catch (error) {
      if (!isCascadeError(error) || !/^CASC_(?:MODEL_|BUDGET_|PROMPT_)/.test(error.code)) throw error;
      await run.progress({ kind: 'notice', text: `${step}: worded without the model (${error.code})` });
      return plain;
    }
  }
}

const commitHead = (type: string, scope: string): string => {
  const head = `${type}(${scope}): `;
  return head.length <= MAX_SUBJECT - MIN_ROOM ? head : `${type}: `;
};

/** `feat(coupons): Apply a coupon`, within the 72 characters that git tools show; a title that does not fit is told in full below. */
export function plainCommit({ type, scope, program }: Pick<CommitFacts, 'type' | 'scope' | 'program'>): CommitWords {
  const title = program.task.title.replaceAll(/\s+/g, ' ').trim();
  const subject = `${commitHead(type, scope)}${title}`;
  return { subject: clipped(subject, MAX_SUBJECT), body: subject.length <= MAX_SUBJECT ? '' : wrapped(title) };
}

export function plainPullRequest({ title, goal, stories }: Omit<PullRequestFacts, 'request'>): { title: string; body: string } {
  return { title: clipped(title, MAX_SUBJECT), body: `${goal}\n\n${stories.map((story) => `- ${story}`).join('\n')}`.slice(0, 4_000) };
}
