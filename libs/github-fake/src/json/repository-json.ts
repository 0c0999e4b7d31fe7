import { instant } from '../clock.js';
import { atLeast, type Repository, type Role } from '../world/types.js';
import { fullName } from '../world/world.js';
import { accountJson, type Json } from './account-json.js';

/** The `…_url` members and where they lead below the repository. */
const links: Readonly<Record<string, string>> = {
  archive_url: '{archive_format}{/ref}', assignees_url: 'assignees{/user}', blobs_url: 'git/blobs{/sha}', branches_url: 'branches{/branch}', collaborators_url: 'collaborators{/collaborator}',
  comments_url: 'comments{/number}', commits_url: 'commits{/sha}', compare_url: 'compare/{base}...{head}', contents_url: 'contents/{+path}', contributors_url: 'contributors', deployments_url: 'deployments',
  downloads_url: 'downloads', events_url: 'events', forks_url: 'forks', git_commits_url: 'git/commits{/sha}', git_refs_url: 'git/refs{/sha}', git_tags_url: 'git/tags{/sha}', hooks_url: 'hooks',
  issue_comment_url: 'issues/comments{/number}', issue_events_url: 'issues/events{/number}', issues_url: 'issues{/number}', keys_url: 'keys{/key_id}', labels_url: 'labels{/name}', languages_url: 'languages',
  merges_url: 'merges', milestones_url: 'milestones{/number}', notifications_url: 'notifications{?since,all,participating}', pulls_url: 'pulls{/number}', releases_url: 'releases{/id}',
  stargazers_url: 'stargazers', statuses_url: 'statuses/{sha}', subscribers_url: 'subscribers', subscription_url: 'subscription', tags_url: 'tags', teams_url: 'teams', trees_url: 'git/trees{/sha}',
};

export const repositoryUrl = (root: string, repository: Repository): string => `${root}/repos/${fullName(repository)}`;

/** Members that GitHub has in every form of a repository; `subscribers_count` and the like make it the full one. */
export function repositoryJson(root: string, repository: Repository, role?: Role): Json {
  const url = repositoryUrl(root, repository);
  const html = `${root}/${fullName(repository)}`;
  const openIssues = [...repository.issues.values()].filter((one) => one.state === 'open' && one.end === undefined).length;
  return {
    id: repository.id, node_id: repository.nodeId, name: repository.name, full_name: fullName(repository), private: repository.isPrivate, owner: accountJson(root, repository.owner),
    html_url: html, description: repository.description, fork: false, url,
    ...Object.fromEntries(Object.entries(links).map(([name, below]) => [name, below.startsWith('{') ? `${url}/${below}` : `${url}/${below}`])),
    git_url: `git://${new URL(root).host}/${fullName(repository)}.git`, ssh_url: `git@${new URL(root).host}:${fullName(repository)}.git`, clone_url: `${html}.git`, svn_url: html, mirror_url: null, homepage: null, language: null,
    created_at: instant(repository.createdAt), updated_at: instant(repository.createdAt), pushed_at: instant(repository.pushedAt),
    size: 0, stargazers_count: 0, watchers_count: 0, forks_count: 0, open_issues_count: openIssues, forks: 0, open_issues: openIssues, watchers: 0, topics: [],
    has_issues: true, has_projects: false, has_downloads: true, has_wiki: false, has_pages: false, has_discussions: true, archived: false, disabled: false, license: null, custom_properties: {},
    allow_forking: true, is_template: false, web_commit_signoff_required: false, visibility: repository.isPrivate ? 'private' : 'public', default_branch: repository.defaultBranch,
    ...(role === undefined ? {} : { permissions: permissionsJson(role) }),
  };
}

export const fullRepositoryJson = (root: string, repository: Repository, role: Role): Json => ({ ...repositoryJson(root, repository, role), network_count: 0, subscribers_count: 0 });

const permissionsJson = (role: Role): Json => ({ admin: atLeast(role, 'admin'), maintain: atLeast(role, 'maintain'), push: atLeast(role, 'write'), triage: atLeast(role, 'triage'), pull: atLeast(role, 'read') });
