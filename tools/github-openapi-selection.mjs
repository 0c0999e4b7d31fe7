/** What the fake GitHub serves, by GitHub's operation id; each needs a handler there. */
export const operations = [
  'rate-limit/get', 'users/get-authenticated', 'users/get-by-username',
  'repos/get', 'repos/create-for-authenticated-user', 'repos/list-branches', 'repos/delete', 'git/get-ref', 'git/create-ref', 'git/update-ref', 'git/delete-ref',
  'repos/list-collaborators', 'repos/get-collaborator-permission-level', 'repos/add-collaborator', 'repos/remove-collaborator', 'issues/list-assignees', 'issues/check-user-can-be-assigned',
  'issues/create', 'issues/get', 'issues/update', 'issues/list-for-repo', 'issues/list-events', 'issues/lock', 'issues/unlock',
  'issues/add-assignees', 'issues/remove-assignees',
  'issues/list-labels-for-repo', 'issues/create-label', 'issues/get-label', 'issues/update-label', 'issues/delete-label',
  'issues/list-labels-on-issue', 'issues/add-labels', 'issues/set-labels', 'issues/remove-label', 'issues/remove-all-labels',
  'issues/list-milestones', 'issues/create-milestone', 'issues/get-milestone', 'issues/update-milestone', 'issues/delete-milestone',
  'issues/list-comments', 'issues/list-comments-for-repo', 'issues/create-comment', 'issues/get-comment', 'issues/update-comment', 'issues/delete-comment',
  'issues/list-sub-issues', 'issues/add-sub-issue', 'issues/remove-sub-issue', 'issues/get-parent', 'issues/reprioritize-sub-issue',
  'repos/list-webhooks', 'repos/create-webhook', 'repos/get-webhook', 'repos/update-webhook', 'repos/delete-webhook', 'repos/ping-webhook',
  'repos/list-webhook-deliveries', 'repos/get-webhook-delivery', 'repos/redeliver-webhook-delivery',
  'apps/get-authenticated', 'apps/list-installations', 'apps/get-installation', 'apps/get-repo-installation', 'apps/create-installation-access-token', 'apps/list-repos-accessible-to-installation',
  'apps/list-webhook-deliveries', 'apps/get-webhook-delivery', 'apps/redeliver-webhook-delivery',
  'pulls/list', 'pulls/create', 'pulls/get', 'pulls/update', 'pulls/merge',
  'search/issues-and-pull-requests',
];

const actions = (event, names) => names.map((name) => `${event}-${name}`);

/** What the fake sends, by the name that GitHub's description has for an event and its action. */
export const webhooks = [
  'ping', 'push',
  ...actions('issues', ['opened', 'edited', 'closed', 'reopened', 'labeled', 'unlabeled', 'assigned', 'unassigned', 'milestoned', 'demilestoned', 'locked', 'unlocked', 'transferred', 'deleted']),
  ...actions('issue-comment', ['created', 'edited', 'deleted']),
  ...actions('sub-issues', ['parent-issue-added', 'parent-issue-removed', 'sub-issue-added', 'sub-issue-removed']),
  ...actions('pull-request', ['opened', 'edited', 'closed', 'reopened', 'synchronize', 'converted-to-draft', 'ready-for-review']),
];
