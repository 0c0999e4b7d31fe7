import { Inject, Injectable } from '@nestjs/common';
import { redisKeys, retryable, workItemCommented } from '@cascade/contracts';
import { cleanText, fullNameOf, parseCommand, type Command, type Issue, type IssueComment, type IssueTracker, type TrackerRepository } from '@cascade/github';
import { Cascades } from '@cascade/state';
import { EventPublisher } from '@cascade/streams';
import { Redis } from 'ioredis';
import { Comments, REMEMBERED_MS } from '../comments.js';
import { OVERLAP_MS } from '../mirror/overlap.js';
import { Partition } from '../partition.js';
import { SWEPT } from '../queue/matters.js';
import { LeaderWrites, type Hand } from '../state/leader-writes.js';
import { SyncSettings } from '../sync-settings.js';
import { TRACKER } from '../tracker-provider.js';
import type { Answered } from './answered.js';
import { People, type Speaker } from './people.js';
import { Places } from './places.js';
import { GitHubQuestions } from './questions.js';
import { answeredText, cancelledText, refusedText, startedText, statusText } from './reply-texts.js';
import { Runs, type Trigger } from './runs.js';

/** As much as `work_item.commented` takes. */
const MAX_COMMENT = 20_000;

/**
 * What people say on issues, and what is done and said about it. Each comment is answered once: its reply carries its id,
 * and everything that is done before the reply may be done again without a second effect.
 */
@Injectable()
export class Conversation {
  constructor(
    private readonly redis: Redis,
    private readonly writes: LeaderWrites,
    private readonly settings: SyncSettings,
    private readonly comments: Comments,
    private readonly places: Places,
    private readonly people: People,
    private readonly runs: Runs,
    private readonly questions: GitHubQuestions,
    private readonly cascades: Cascades,
    private readonly publisher: EventPublisher,
    private readonly partition: Partition,
    @Inject(TRACKER) private readonly tracker: IssueTracker,
  ) {}

  /** A comment was written. */
  async heard(hand: Hand, repository: TrackerRepository, number: number, commentId: number): Promise<void> {
    const heard = redisKeys.githubHeard(String(commentId));
    if (await this.redis.exists(heard) === 1) return;
    if (!await this.hear(hand, repository, number, commentId)) return;
    await this.writes.write(hand, [{ operation: 'SET', key: heard, args: ['1'] }, { operation: 'PEXPIRE', key: heard, args: [String(REMEMBERED_MS)] }]);
  }

  /** False where GitHub shows no such comment, or not yet: the sweep may find it. */
  private async hear(hand: Hand, repository: TrackerRepository, number: number, commentId: number): Promise<boolean> {
    if (await this.comments.isWritten(replyMarker(commentId))) return true;
    const comment = await this.tracker.getComment(repository, commentId, hand.signal);
    if (comment === undefined) return false;
    if (this.settings.marks.commentsIn(comment.body).length > 0) return true;
    const look = await this.tracker.getIssue({ repository, number }, { signal: hand.signal });
    if (look.kind !== 'issue') return false;
    const { issue } = look;
    await this.tell(issue, comment);
    const reply = await this.replyTo(hand, issue, comment);
    if (reply !== undefined && !issue.isLocked) await this.comments.ensure(hand, issue, replyMarker(commentId), reply);
    return true;
  }

  /** Somebody put the label on an issue: as a delivery says, or the sweep saw. */
  async labelled(hand: Hand, repository: TrackerRepository, number: number, login: string, delivery: string): Promise<void> {
    const look = await this.tracker.getIssue({ repository, number }, { signal: hand.signal });
    if (look.kind !== 'issue' || look.issue.isPullRequest || look.issue.state === 'closed' || !this.hasLabel(look.issue) || await this.isMirrored(look.issue)) return;
    const trigger = this.tracker.capabilities.history ? await this.labeling(hand, look.issue, delivery) : { id: `label-${delivery}`, login };
    if (trigger === undefined || !await this.people.may(hand, 'run', repository, { login: trigger.login, isCascade: false, isEdited: false })) return;
    const start = await this.runs.start(hand, look.issue, trigger);
    if (!look.issue.isLocked) await this.comments.ensure(hand, look.issue, `start-${start.cascadeId}`, startedText(start));
  }

  /** Who put the label on, and when: the same, whoever tells of it. What is older than the first sweep, or than another cascade of the issue, asks for nothing. */
  private async labeling(hand: Hand, issue: Issue, delivery: string): Promise<Trigger | undefined> {
    const last = await this.tracker.lastLabeling(issue, this.settings.github.label, hand.signal);
    if (last === undefined) throw retryable('CASC_GITHUB_UNCONFIRMED', `It is not known yet who put the label on #${issue.number}.`);
    const begun = delivery === SWEPT ? await this.redis.hget(redisKeys.githubSweep(fullNameOf(issue.repository)), 'begun') : null;
    const isOld = begun !== null && Date.parse(last.at) < Date.parse(begun) - OVERLAP_MS;
    return isOld || await this.runs.hasAskedSince(issue, last.at) ? undefined : { id: `label-${last.id}`, login: last.author, at: last.at };
  }

  private async replyTo(hand: Hand, issue: Issue, comment: IssueComment): Promise<string | undefined> {
    const parsed = parseCommand(comment.body);
    if (parsed.kind === 'none') return this.plain(hand, issue, comment);
    const verb = parsed.kind === 'command' ? parsed.command.verb : 'run';
    if (!await this.people.may(hand, verb, issue.repository, speakerOf(comment))) return undefined;
    return parsed.kind === 'refused' ? refusedText(parsed.why, parsed.verb) : this.act(hand, issue, comment, parsed.command);
  }

  private async act(hand: Hand, issue: Issue, comment: IssueComment, command: Command): Promise<string> {
    const cascadeId = await this.places.cascadeAt(issue.nodeId);
    const trigger = { id: `comment-${comment.id}`, login: comment.author, at: comment.createdAt };
    switch (command.verb) {
      case 'run': return this.run(hand, issue, { ...trigger, text: command.text });
      case 'retry': return this.run(hand, issue, trigger);
      case 'status': return statusText(cascadeId === undefined ? undefined : await this.cascades.find(cascadeId), cascadeId);
      case 'cancel': {
        if (cascadeId !== undefined) await this.cascades.cancel(cascadeId, `${comment.author} on GitHub${command.reason === '' ? '' : `: ${command.reason}`}`);
        return cancelledText(cascadeId, cascadeId === undefined ? undefined : await this.cascades.stateOf(cascadeId));
      }
      case 'approve': return this.answer(hand, comment, cascadeId, (open) => approvalOf(open, command.what));
      case 'answer': return this.answer(hand, comment, cascadeId, (open) => answerOf(open, command));
    }
  }

  private async run(hand: Hand, issue: Issue, trigger: Parameters<Runs['start']>[2]): Promise<string> {
    if (await this.isMirrored(issue)) return 'This issue mirrors what Cascade plans; start from an issue of your own.';
    if (!await this.partition.starts(issue.repository)) return 'Cascades on this repository are started elsewhere.';
    return startedText(await this.runs.start(hand, issue, trigger));
  }

  private async answer(hand: Hand, comment: IssueComment, cascadeId: string | undefined, choose: Parameters<GitHubQuestions['answer']>[3]): Promise<string> {
    const answered: Answered = cascadeId === undefined ? { kind: 'which', open: [] } : await this.questions.answer(hand, comment.id, cascadeId, choose);
    return answeredText(answered);
  }

  /** No command: an answer when it comes from the one who was asked, and only one question is open. */
  private async plain(hand: Hand, issue: Issue, comment: IssueComment): Promise<string | undefined> {
    const cascadeId = await this.places.cascadeAt(issue.nodeId);
    if (cascadeId === undefined) return undefined;
    const [place, isChosen] = await Promise.all([this.places.request(cascadeId), this.redis.exists(redisKeys.githubCommand(String(comment.id)))]);
    const text = cleanText(comment.body, MAX_COMMENT);
    if (place?.nodeId !== issue.nodeId || place.requester !== comment.author || text === '') return undefined;
    if (isChosen === 0 && (await this.questions.open(cascadeId)).length !== 1) return undefined;
    if (!await this.people.may(hand, 'answer', issue.repository, speakerOf(comment))) return undefined;
    return this.answer(hand, comment, cascadeId, (open) => (open.length === 1 ? { name: open[0]!, text } : undefined));
  }

  /** Comments are events for whoever wants them; the same again has the same id. */
  private async tell(issue: Issue, comment: IssueComment): Promise<void> {
    const key = await this.redis.get(redisKeys.githubIssue(issue.nodeId));
    if (key === null) return;
    const cascadeId = await this.places.cascadeAt(issue.nodeId);
    const data = { key, comment: comment.id, author: comment.author, url: comment.url, text: cleanText(comment.body, MAX_COMMENT) };
    await this.publisher.publish(workItemCommented, data, { id: `github-comment-${comment.id}`, subject: key, source: 'urn:cascade:github-sync', ...(cascadeId === undefined ? {} : { cascadeId }) });
  }

  private hasLabel(issue: Issue): boolean {
    return issue.labels.some((label) => label.toLowerCase() === this.settings.github.label.toLowerCase());
  }

  /** Ours, by its mapping or by its marker. */
  private async isMirrored(issue: Issue): Promise<boolean> {
    return await this.redis.exists(redisKeys.githubIssue(issue.nodeId)) === 1 || this.settings.marks.issuesIn(issue.body).length > 0;
  }
}

const replyMarker = (commentId: number): string => `reply-${commentId}`;
const speakerOf = (comment: IssueComment): Speaker => ({ login: comment.author, association: comment.authorAssociation, isCascade: false, isEdited: comment.updatedAt !== comment.createdAt });

function approvalOf(open: readonly string[], what: string | undefined): { name: string; text: string } | undefined {
  const approvals = open.filter((name) => name.startsWith('approve/') && (what === undefined || name.split('/')[1] === what || name === what));
  return approvals.length === 1 ? { name: approvals[0]!, text: 'yes' } : undefined;
}

function answerOf(open: readonly string[], { text, named }: Extract<Command, { verb: 'answer' }>): { name: string; text: string } | undefined {
  if (named !== undefined && open.includes(named.name)) return named;
  return open.length === 1 ? { name: open[0]!, text } : undefined;
}
