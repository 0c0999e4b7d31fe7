import { instant } from '../clock.js';
import { type Issue, type Pull } from '../world/types.js';
import { fullName } from '../world/world.js';
import { accountJson, accountOrNull, type Json } from './account-json.js';
import { issueJson, issueUrl } from './issue-json.js';
import { repositoryJson, repositoryUrl } from './repository-json.js';

const side = (root: string, issue: Issue, ref: string, sha: string): Json => ({
  label: `${issue.repository.owner.login}:${ref}`, ref, sha, user: accountJson(root, issue.repository.owner), repo: repositoryJson(root, issue.repository),
});

/** The form of lists (`pull-request-simple`). */
export function pullInList(root: string, issue: Issue): Json {
  const pull = issue.pull as Pull;
  const url = `${repositoryUrl(root, issue.repository)}/pulls/${issue.number}`;
  const page = `${root}/${fullName(issue.repository)}/pull/${issue.number}`;
  const { labels, milestone, assignee, assignees, user, author_association } = issueJson(root, issue);
  const links = {
    commits_url: `${url}/commits`, review_comments_url: `${url}/comments`, review_comment_url: `${repositoryUrl(root, issue.repository)}/pulls/comments{/number}`,
    comments_url: `${issueUrl(root, issue)}/comments`, statuses_url: `${repositoryUrl(root, issue.repository)}/statuses/${pull.headSha}`,
  };
  const href = (to: string): Json => ({ href: to });
  return {
    url, id: pull.id, node_id: pull.nodeId, html_url: page, diff_url: `${page}.diff`, patch_url: `${page}.patch`, issue_url: issueUrl(root, issue), ...links, number: issue.number, state: issue.state,
    locked: issue.isLocked, title: issue.title, user, body: issue.body, labels, milestone, active_lock_reason: issue.lockReason, created_at: instant(issue.createdAt), updated_at: instant(issue.updatedAt),
    closed_at: issue.closedAt === null ? null : instant(issue.closedAt), merged_at: pull.merge === undefined ? null : instant(pull.merge.at), merge_commit_sha: pull.merge?.sha ?? null,
    assignee, assignees, requested_reviewers: [], requested_teams: [], head: side(root, issue, pull.head, pull.headSha), base: side(root, issue, pull.base, pull.baseSha),
    _links: {
      self: href(url), html: href(page), issue: href(issueUrl(root, issue)), comments: href(links.comments_url), review_comments: href(links.review_comments_url), review_comment: href(links.review_comment_url),
      commits: href(links.commits_url), statuses: href(links.statuses_url),
    },
    author_association, auto_merge: null, draft: pull.isDraft,
  };
}

/** Counts of commits and lines are not computed by this fake. */
export function pullJson(root: string, issue: Issue): Json {
  const { merge } = issue.pull as Pull;
  return {
    ...pullInList(root, issue), merged: merge !== undefined, mergeable: issue.state === 'open' ? true : null, rebaseable: null, mergeable_state: issue.state === 'open' ? 'clean' : 'unknown',
    merged_by: accountOrNull(root, merge?.by), comments: issue.comments.length, review_comments: 0, maintainer_can_modify: false, commits: 1, additions: 1, deletions: 0, changed_files: 1,
  };
}
