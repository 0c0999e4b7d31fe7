import { Controller } from '@nestjs/common';
import { githubDeliveryReceived, redisKeys, type DataOf, type EventOf, type Outcome, type StateWrite } from '@cascade/contracts';
import { lostEdits, parseSyncRecord, repositoryNamed, type EditSeen, type TrackerRepository } from '@cascade/github';
import { nothing, OnEvent, outcome } from '@cascade/streams';
import { Redis } from 'ioredis';
import { addressId } from '../identified-issues.js';
import { Partition } from '../partition.js';
import { EDIT_FIELD } from '../mirror/item-record.js';
import { due } from '../queue/due.js';
import { SyncSettings } from '../sync-settings.js';
import { commentPayload, issuesPayload, subIssuesPayload, type IssuesPayload } from './delivery-payloads.js';

/** An issue as a payload names it. */
type Known = Pick<IssuesPayload['issue'], 'node_id' | 'number'>;
type Delivery = DataOf<typeof githubDeliveryReceived>;

/** Hears of what happens on GitHub. A delivery only says where to look: what it is about is read again before anything is done. */
@Controller()
export class DeliveryHandlers {
  constructor(private readonly redis: Redis, private readonly settings: SyncSettings, private readonly partition: Partition) {}

  /** What a schema does not know is passed over: whoever verified the delivery has counted it. */
  @OnEvent(githubDeliveryReceived)
  async received({ data }: EventOf<typeof githubDeliveryReceived>): Promise<Outcome> {
    const repository = repositoryNamed(data.repository ?? '');
    if (repository === undefined) return nothing();
    switch (data.event) {
      case 'issues': return outcome({ save: await this.issues(data, repository) });
      case 'issue_comment': return outcome({ save: await this.comment(data, repository) });
      case 'sub_issues': return outcome({ save: await this.subIssues(data, repository) });
      default: return nothing();
    }
  }

  private async issues(data: Delivery, repository: TrackerRepository): Promise<StateWrite[]> {
    const parsed = issuesPayload.safeParse(data.payload);
    if (!parsed.success) return [];
    const { issue, label, sender } = parsed.data;
    const key = await this.itemOf(repository, issue);
    if (key !== undefined) return [...await this.lostEdit(key, data, parsed.data), due({ kind: 'item', key }, this.settings.times.gatherMs)];
    if (this.marks(issue.body)) return [due({ kind: 'issue', repository, number: issue.number }, this.settings.times.gatherMs)];
    const isAsked = data.action === 'labeled' && label?.name.toLowerCase() === this.settings.github.label.toLowerCase();
    if (!isAsked || sender === undefined || !await this.partition.starts(repository)) return [];
    return [due({ kind: 'label', repository, number: issue.number, login: sender.login, delivery: data.delivery })];
  }

  private async comment(data: Delivery, repository: TrackerRepository): Promise<StateWrite[]> {
    const parsed = commentPayload.safeParse(data.payload);
    if (!parsed.success || data.action !== 'created') return [];
    const { issue, comment } = parsed.data;
    if (this.settings.marks.commentsIn(comment.body ?? '').length > 0) return []; // one of ours
    const runs = this.identities(repository, issue).map((id) => redisKeys.githubRuns(id));
    const isOurs = await this.itemOf(repository, issue) !== undefined || await this.redis.exists(...runs) > 0;
    if (!isOurs && !await this.partition.starts(repository)) return [];
    return [due({ kind: 'comment', repository, number: issue.number, comment: comment.id })];
  }

  private async subIssues(data: Delivery, repository: TrackerRepository): Promise<StateWrite[]> {
    const parsed = subIssuesPayload.safeParse(data.payload);
    if (!parsed.success) return [];
    const issues = [parsed.data.parent_issue, parsed.data.sub_issue].filter((issue) => issue !== undefined);
    const keys = await Promise.all(issues.map((issue) => this.itemOf(repository, issue)));
    return keys.flatMap((key) => (key === undefined ? [] : [due({ kind: 'item', key }, this.settings.times.gatherMs)]));
  }

  /** GitHub has no conditional update; that one of our writes replaced a person's edit shows in its webhook alone. */
  private async lostEdit(key: string, { delivery, action }: Delivery, { issue, changes, sender }: IssuesPayload): Promise<StateWrite[]> {
    const isApp = this.settings.github.credentials?.kind === 'app'; // else a person writes under the same login
    const isOurs = isApp && sender?.login.endsWith('[bot]') === true;
    if (action !== 'edited' || (isApp && !isOurs)) return [];
    const pair = (before: string | null | undefined, now: string | null | undefined): { from: string; now: string } | undefined => (typeof before === 'string' ? { from: before, now: now ?? '' } : undefined);
    const seen: EditSeen = { isOurs, title: pair(changes?.title?.from, issue.title), body: pair(changes?.body?.from, issue.body) };
    const record = parseSyncRecord(await this.redis.hget(redisKeys.githubItem(key), 'sync') ?? undefined);
    if (lostEdits(record, seen, key, this.settings.marks) === undefined) return [];
    return [{ key: redisKeys.githubItem(key), fields: { [`${EDIT_FIELD}${delivery}`]: JSON.stringify(seen) } }];
  }

  private async itemOf(repository: TrackerRepository, issue: Known): Promise<string | undefined> {
    const [byNode, byAddress] = await this.redis.mget(this.identities(repository, issue).map((id) => redisKeys.githubIssue(id)));
    return byNode ?? byAddress ?? undefined;
  }

  /** A tracker that tells no node ids knows issues by their address. */
  private identities(repository: TrackerRepository, { node_id: nodeId, number }: Known): [string, string] {
    return [nodeId, addressId({ repository, number })];
  }

  /** Whether a body names a work item; one whose text was left out is looked at, too. */
  private marks(body: string | null | undefined): boolean {
    return body === undefined || this.settings.marks.issuesIn(body ?? '').length > 0;
  }
}
