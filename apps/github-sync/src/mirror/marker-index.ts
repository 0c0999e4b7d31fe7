import { Inject, Injectable } from '@nestjs/common';
import { fullNameOf, type Issue, type IssueTracker, type TrackerRepository } from '@cascade/github';
import type { Hand } from '../state/leader-writes.js';
import { SyncSettings } from '../sync-settings.js';
import { TRACKER } from '../tracker-provider.js';

/** Pages of 100 issues with our label that are looked through at most: of a whole repository, and of its newest ones. */
const MAX_PAGES = 50;
const NEWEST_PAGES = 3;

/** Issues by the work item that their marker names; of several the one with the smallest number first. */
type Index = ReadonlyMap<string, readonly Issue[]>;

/**
 * Finds the issue of a work item by its marker, in lists alone: GitHub's search is minutes behind. The whole repository is
 * read once by each leader, for what Redis has lost; the newest issues whenever a create was not confirmed.
 */
@Injectable()
export class MarkerIndex {
  private readonly whole = new Map<string, { readonly token: number; readonly index: Promise<Index> }>();

  constructor(private readonly settings: SyncSettings, @Inject(TRACKER) private readonly tracker: IssueTracker) {}

  /** As it was when this leader first asked for anything in the repository. */
  async known(hand: Hand, repository: TrackerRepository, key: string): Promise<readonly Issue[]> {
    const name = fullNameOf(repository);
    let read = this.whole.get(name);
    if (read?.token !== hand.token) {
      read = { token: hand.token, index: this.read(hand, repository, MAX_PAGES) };
      read.index.catch(() => this.whole.delete(name)); // read again next time
      this.whole.set(name, read);
    }
    return (await read.index).get(key) ?? [];
  }

  /** As it is now, among the newest. */
  async newest(hand: Hand, repository: TrackerRepository, key: string): Promise<readonly Issue[]> {
    return (await this.read(hand, repository, NEWEST_PAGES)).get(key) ?? [];
  }

  private async read(hand: Hand, repository: TrackerRepository, pages: number): Promise<Index> {
    const index = new Map<string, Issue[]>();
    for (let page = 1; page <= pages; page += 1) {
      const list = await this.tracker.listIssues(repository, { labels: [this.settings.github.label], order: 'created-descending', page }, hand.signal);
      if (list === 'unchanged') break;
      for (const issue of list.issues) {
        const [key, ...others] = this.settings.marks.issuesIn(issue.body);
        if (key !== undefined && others.length === 0) index.set(key, [issue, ...index.get(key) ?? []].sort((a, b) => a.number - b.number));
      }
      if (!list.hasMore) break;
    }
    return index;
  }
}
