import { instant } from '../clock.js';
import { type Hook } from '../world/types.js';
import { type Json } from './account-json.js';
import { repositoryUrl } from './repository-json.js';

/** The secret is never shown. */
export function hookJson(root: string, hook: Hook): Json {
  const url = hook.repository === undefined ? `${root}/app/hook` : `${repositoryUrl(root, hook.repository)}/hooks/${hook.id}`;
  return {
    type: hook.repository === undefined ? 'App' : 'Repository', id: hook.id, name: 'web', active: hook.isActive, events: hook.events,
    config: { url: hook.url, content_type: hook.contentType, insecure_ssl: hook.insecureSsl, ...(hook.secret === undefined ? {} : { secret: '********' }) },
    updated_at: instant(hook.updatedAt), created_at: instant(hook.createdAt), url, test_url: `${url}/tests`, ping_url: `${url}/pings`, deliveries_url: `${url}/deliveries`, last_response: hook.lastResponse,
  };
}
