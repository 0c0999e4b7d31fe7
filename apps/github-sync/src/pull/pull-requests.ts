import { Inject, Injectable } from '@nestjs/common';
import { gitPushBranch, redisKeys, type Effect } from '@cascade/contracts';
import { addressOfRepository, composeBody, fullNameOf, parseBody, repositoryAtAddress, type IssueTracker, type PullRequest, type TrackerRepository } from '@cascade/github';
import { Cascades, Effects, isTerminal } from '@cascade/state';
import { CommandClient } from '@cascade/streams';
import { Redis } from 'ioredis';
import { Comments } from '../comments.js';
import { Places } from '../conversation/places.js';
import { LinkedRepositories } from '../linked-repositories.js';
import { ItemStore } from '../mirror/item-store.js';
import { hashWrites, LeaderWrites, type Hand } from '../state/leader-writes.js';
import { SyncSettings } from '../sync-settings.js';
import { TRACKER } from '../tracker-provider.js';
import { parsePullRecord, type PullRecord } from './pull-record.js';
import { pullBlock, pullTitle, type PullFacts } from './pull-text.js';

/** How long git-worker may take to push, in milliseconds. */
const PUSH_MS = 120_000;

/**
 * The one pull request of a cascade: opened with its first verified story as a draft, brought up to date with each, and
 * made ready when all of it passed its gate. GitHub refuses a second one for a branch, and it is found by its branch.
 */
@Injectable()
export class PullRequests {
  constructor(
    private readonly redis: Redis, private readonly writes: LeaderWrites, private readonly cascades: Cascades, private readonly items: ItemStore, private readonly places: Places,
    private readonly comments: Comments, private readonly linked: LinkedRepositories, private readonly commands: CommandClient, private readonly settings: SyncSettings,
    @Inject(TRACKER) private readonly tracker: IssueTracker,
  ) {}

  async settle(hand: Hand, cascadeId: string): Promise<void> {
    const [address, repository] = [await this.redis.hget(redisKeys.cascade(cascadeId), 'repository'), await this.linked.ofCascade(cascadeId)];
    const record = parsePullRecord(await this.redis.hgetall(redisKeys.githubPull(cascadeId)));
    if (address === null || repository === undefined || record === undefined || !this.tracker.capabilities.pullRequests) return;
    const state = await this.cascades.stateOf(cascadeId);
    if (state !== undefined && state !== 'completed' && isTerminal(state)) return this.abandon(hand, cascadeId, repository, record);
    if (record.gate === 'FAIL' || (record.summary === undefined && state === 'completed')) return; // the event of the end comes, with its summary
    await this.push(hand, cascadeId, record, address, repository);
    await this.show(hand, repository, await this.facts(cascadeId, record, repository));
  }

  /** For a cascade that came to nothing. git-worker takes the branch back by itself. */
  private async abandon(hand: Hand, cascadeId: string, repository: TrackerRepository, record: PullRecord): Promise<void> {
    const pull = await this.tracker.findPullRequest(repository, record.branch, hand.signal);
    if (pull === undefined || pull.state === 'closed' || !this.isOurs(pull, cascadeId)) return;
    await this.comments.ensure(hand, { repository, number: pull.number }, `pull-ending-${cascadeId}`, `Cascade \`${cascadeId}\` ended without a result, so this is closed, and its branch is taken back.`);
    await this.tracker.updatePullRequest(repository, pull.number, { state: 'closed' }, hand.signal);
  }

  private async push(hand: Hand, cascadeId: string, record: PullRecord, address: string, repository: TrackerRepository): Promise<void> {
    const { repositoryId, branch, sha, pushed, summary } = record;
    const isRemote = repositoryAtAddress(address, this.settings.github.host) !== undefined;
    const isPublished = isRemote && summary !== undefined; // `git.publish_branch` put it there
    if (pushed === sha || isPublished || repositoryId === undefined) return;
    const remote = isRemote ? {} : { remote: `${addressOfRepository(repository, this.settings.github.web)}.git` };
    const undo = { kind: 'git.push', key: `${branch}@${sha}`, undo: { repositoryId, commit: sha, branch, ...remote } } satisfies Effect;
    if (summary === undefined) await new Effects(this.redis).record(cascadeId, undo);
    await this.commands.send(gitPushBranch, { cascadeId, repositoryId, commit: sha, branch, ...remote, ...(pushed === undefined ? {} : { previous: pushed }) }, {
      key: `github/push/${branch}/${sha}`, cascadeId, signal: hand.signal, timeoutMs: PUSH_MS,
    });
    await this.note(hand, cascadeId, { pushed: sha });
  }

  private async show(hand: Hand, repository: TrackerRepository, facts: PullFacts): Promise<void> {
    const { record, cascadeId } = facts;
    const found = await this.tracker.findPullRequest(repository, record.branch, hand.signal);
    if (found === undefined || (found.state === 'closed' && !this.isOurs(found, cascadeId))) return this.open(hand, repository, facts);
    if (found.state === 'closed') return; // somebody decided
    await this.update(hand, repository, facts, found);
  }

  private async open(hand: Hand, repository: TrackerRepository, facts: PullFacts): Promise<void> {
    const { record, cascadeId } = facts;
    const written = composeBody({ before: '', after: '' }, pullBlock(facts), [], markOf(cascadeId), this.settings.marks);
    const [title, isDraft] = [pullTitle(facts), isDraftOf(record)];
    const pull = await this.tracker.createPullRequest(repository, { title, body: written.body, head: record.branch, base: record.base, isDraft }, hand.signal);
    await this.note(hand, cascadeId, { number: pull.number, title, draft: String(isDraft), block: written.block });
  }

  /** People's title, text and choice between draft and ready stay; ours changes when what it says does. */
  private async update(hand: Hand, repository: TrackerRepository, facts: PullFacts, found: PullRequest): Promise<void> {
    const { record, cascadeId } = facts;
    const [title, isDraft] = [pullTitle(facts), isDraftOf(record)];
    const body = parseBody(found.body, markOf(cascadeId), this.settings.marks, [record.block]);
    const written = composeBody(body, pullBlock(facts), [], markOf(cascadeId), this.settings.marks);
    const changes = {
      ...(found.title === record.title && title !== found.title ? { title } : {}),
      ...(written.body === found.body ? {} : { body: written.body }),
      ...(record.isDraft !== isDraft && found.isDraft !== isDraft ? { isDraft } : {}),
    };
    if (Object.keys(changes).length > 0) await this.tracker.updatePullRequest(repository, found.number, changes, hand.signal);
    await this.note(hand, cascadeId, { number: found.number, title: record.title ?? found.title, draft: String(isDraft), block: written.block, ...('title' in changes ? { title } : {}) });
  }

  private async facts(cascadeId: string, record: PullRecord, repository: TrackerRepository): Promise<PullFacts> {
    const stored = await Promise.all((await this.items.ofCascade(cascadeId)).map((key) => this.items.read(key)));
    const isHere = (other: TrackerRepository | undefined): boolean => other !== undefined && fullNameOf(other) === fullNameOf(repository);
    const request = await this.places.request(cascadeId);
    return {
      cascadeId, record, request: isHere(request?.repository) ? request?.number : undefined,
      items: stored.flatMap((item) => (item === undefined ? [] : [{ row: item.row, number: isHere(item.record.issue?.repository) ? item.record.issue?.number : undefined }])),
    };
  }

  private isOurs(pull: PullRequest, cascadeId: string): boolean {
    return this.settings.marks.issuesIn(pull.body).includes(markOf(cascadeId));
  }

  private async note(hand: Hand, cascadeId: string, fields: Readonly<Record<string, string | number>>): Promise<void> {
    await this.writes.write(hand, hashWrites(redisKeys.githubPull(cascadeId), fields));
  }
}

/** Of the marks in its body; no key of a work item looks so. */
const markOf = (cascadeId: string): string => `pull ${cascadeId}`;

/** Ready only when all of it passed. */
const isDraftOf = ({ summary, gate }: PullRecord): boolean => summary === undefined || gate !== 'PASS';
