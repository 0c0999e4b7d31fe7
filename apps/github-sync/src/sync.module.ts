import { Module } from '@nestjs/common';
import { HostConfig } from '@cascade/service-host';
import { Leadership } from '@cascade/state';
import { Redis } from 'ioredis';
import { Comments } from './comments.js';
import { Conversation } from './conversation/conversation.js';
import { People } from './conversation/people.js';
import { Places } from './conversation/places.js';
import { GitHubQuestions } from './conversation/questions.js';
import { Runs } from './conversation/runs.js';
import { DeliveryHandlers } from './handlers/deliveries.handlers.js';
import { WorkHandlers } from './handlers/work.handlers.js';
import { withIdentities } from './identified-issues.js';
import { LinkedRepositories } from './linked-repositories.js';
import { Endings } from './mirror/endings.js';
import { FoundIssues } from './mirror/found-issues.js';
import { IssueMaker } from './mirror/issue-maker.js';
import { ItemStore } from './mirror/item-store.js';
import { LabelMaker } from './mirror/label-maker.js';
import { MarkerIndex } from './mirror/marker-index.js';
import { Mirror } from './mirror/mirror.js';
import { MissedComments } from './mirror/missed-comments.js';
import { MissingIssues } from './mirror/missing-issues.js';
import { ParentLinks } from './mirror/parent-links.js';
import { Sweep } from './mirror/sweep.js';
import { Partition } from './partition.js';
import { PullRequests } from './pull/pull-requests.js';
import { LEADER } from './queue/matter-queue.js';
import { QueueGauges } from './queue/queue-gauges.js';
import { LeaderWrites } from './state/leader-writes.js';
import { SyncService } from './sync.service.js';
import { SyncSettings } from './sync-settings.js';
import { OpenTracker, TRACKER } from './tracker-provider.js';

@Module({
  controllers: [WorkHandlers, DeliveryHandlers],
  providers: [
    SyncService, QueueGauges, Mirror, IssueMaker, FoundIssues, MarkerIndex, ParentLinks, LabelMaker, ItemStore, Endings, Sweep, MissedComments, MissingIssues, PullRequests, Comments, LeaderWrites,
    Conversation, GitHubQuestions, People, Places, Runs, LinkedRepositories, Partition,
    { provide: Leadership, inject: [Redis], useFactory: (redis: Redis) => new Leadership(redis, LEADER) },
    { provide: OpenTracker, inject: [SyncSettings, Redis, HostConfig], useFactory: OpenTracker.open },
    { provide: TRACKER, inject: [OpenTracker], useFactory: ({ opened }: OpenTracker) => withIdentities(opened.tracker) },
  ],
})
export class SyncModule {}
