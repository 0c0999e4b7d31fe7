import { Inject, Injectable } from '@nestjs/common';
import type { IssueTracker, TrackerRepository } from '@cascade/github';
import type { Hand } from '../state/leader-writes.js';
import { TRACKER } from '../tracker-provider.js';
import { IssueMaker } from './issue-maker.js';

/** Issues that carry our marker and that no work item knew when somebody told of them: above all those of which the answer to the create got lost. */
@Injectable()
export class FoundIssues {
  constructor(private readonly maker: IssueMaker, @Inject(TRACKER) private readonly tracker: IssueTracker) {}

  async settle(hand: Hand, repository: TrackerRepository, number: number): Promise<void> {
    const look = await this.tracker.getIssue({ repository, number }, { signal: hand.signal });
    if (look.kind === 'issue') await this.maker.adopt(hand, look.issue);
  }
}
