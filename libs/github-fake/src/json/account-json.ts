import { type Account, type GitHubApp } from '../world/types.js';
import { instant } from '../clock.js';

export type Json = Readonly<Record<string, unknown>>;

export function accountJson(root: string, account: Account): Json {
  const api = `${root}/users/${encodeURIComponent(account.login)}`;
  return {
    login: account.login, id: account.id, node_id: account.nodeId, avatar_url: `${root}/avatars/${account.id}`, gravatar_id: '', url: api, html_url: `${root}/${encodeURIComponent(account.login)}`,
    followers_url: `${api}/followers`, following_url: `${api}/following{/other_user}`, gists_url: `${api}/gists{/gist_id}`, starred_url: `${api}/starred{/owner}{/repo}`,
    subscriptions_url: `${api}/subscriptions`, organizations_url: `${api}/orgs`, repos_url: `${api}/repos`, events_url: `${api}/events{/privacy}`,
    received_events_url: `${api}/received_events`, type: account.type, user_view_type: 'public', site_admin: false,
  };
}

export const accountOrNull = (root: string, account: Account | undefined): Json | null => account === undefined ? null : accountJson(root, account);

/** Of `/user` and `/users/{login}`. */
export function profileJson(root: string, account: Account): Json {
  return {
    ...accountJson(root, account), name: null, company: null, blog: '', location: null, email: null, hireable: null, bio: null, twitter_username: null,
    public_repos: 0, public_gists: 0, followers: 0, following: 0, created_at: '2020-01-01T00:00:00Z', updated_at: '2020-01-01T00:00:00Z',
  };
}

export function appJson(root: string, app: GitHubApp): Json {
  return {
    id: app.id, slug: app.slug, node_id: app.nodeId, client_id: `Iv1.${app.id}`, owner: accountJson(root, app.owner), name: app.slug, description: null, external_url: `${root}/apps/${app.slug}`,
    html_url: `${root}/apps/${app.slug}`, created_at: instant(app.createdAt), updated_at: instant(app.createdAt), permissions: app.permissions, events: app.events,
  };
}

export const appOrNull = (root: string, app: GitHubApp | undefined): Json | null => app === undefined ? null : appJson(root, app);
