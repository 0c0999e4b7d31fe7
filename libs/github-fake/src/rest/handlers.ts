import { type Handler } from '../http/call.js';
import { type BareRepositories } from '../git/bare-repositories.js';
import { type WebhookSender } from '../webhooks/sender.js';
import { appHandlers } from './apps.js';
import { commentHandlers } from './comments.js';
import { deliveryHandlers, hookHandlers } from './hooks.js';
import { issueHandlers } from './issues.js';
import { labelHandlers } from './labels.js';
import { milestoneHandlers } from './milestones.js';
import { pullHandlers } from './pulls.js';
import { refHandlers } from './refs.js';
import { generalHandlers, repositoryHandlers } from './repositories.js';
import { subIssueHandlers } from './sub-issues.js';

/** What answers each of GitHub's operations. */
export const handlers = (sender: WebhookSender, git: BareRepositories): Readonly<Record<string, Handler>> => ({
  ...generalHandlers, ...repositoryHandlers, ...issueHandlers, ...labelHandlers, ...milestoneHandlers, ...commentHandlers, ...subIssueHandlers, ...hookHandlers, ...deliveryHandlers(sender), ...appHandlers, ...pullHandlers(git), ...refHandlers(git),
});
