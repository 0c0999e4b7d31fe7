import { created, list, ok, type Call, type Handler } from '../http/call.js';
import { instant } from '../clock.js';
import { accountJson, appJson, type Json } from '../json/account-json.js';
import { repositoryJson } from '../json/repository-json.js';
import { addToken } from '../verbs/accounts.js';
import { notFound, Refusal } from '../world/refusal.js';
import { type GitHubApp, type Installation, type PermissionLevel, type Permissions, type Repository } from '../world/types.js';
import { reaches } from '../world/world.js';
import { names } from './lookup.js';

/** An installation token lasts so long. */
const HOUR = 3_600_000;
const levels: readonly PermissionLevel[] = ['read', 'write', 'admin'];

function callingApp(call: Call): GitHubApp {
  if (call.caller.kind !== 'app') throw new Refusal(401, 'A JSON web token could not be decoded');
  return call.caller.app;
}

function installationJson(root: string, installation: Installation): Json {
  const { app, account } = installation;
  return {
    id: installation.id, account: accountJson(root, account), repository_selection: installation.repositories === undefined ? 'all' : 'selected', access_tokens_url: `${root}/app/installations/${installation.id}/access_tokens`,
    repositories_url: `${root}/installation/repositories`, html_url: `${root}/settings/installations/${installation.id}`, app_id: app.id, app_slug: app.slug, client_id: `Iv1.${app.id}`, target_id: account.id, target_type: account.type,
    permissions: app.permissions, events: app.events, created_at: instant(installation.createdAt), updated_at: instant(installation.createdAt), single_file_name: null, suspended_by: null, suspended_at: null,
  };
}

function installationOf(call: Call): Installation {
  const found = call.world.installations.get(Number(call.params['installation_id']));
  if (found === undefined || found.app !== callingApp(call)) throw notFound();
  return found;
}

const repositoriesOf = (call: Call, installation: Installation): readonly Repository[] => [...call.world.repositories.values()].filter((one) => reaches(installation, one));

/** A token never gets more than the installation has: neither permissions nor repositories. */
function createToken(call: Call): Json {
  const installation = installationOf(call);
  const all = repositoriesOf(call, installation);
  const { body } = call;
  const wantedNames = names(body['repositories']);
  const wantedIds = names(body['repository_ids'])?.map(Number);
  const isSelected = wantedNames !== undefined || wantedIds !== undefined;
  const chosen = isSelected ? all.filter((one) => (wantedNames ?? []).some((name) => name.toLowerCase() === one.name.toLowerCase()) || (wantedIds ?? []).includes(one.id)) : all;
  if (isSelected && chosen.length < new Set([...wantedNames ?? [], ...wantedIds ?? []]).size) throw new Refusal(422, 'There is at least one repository that does not exist or is not accessible to the parent installation.');
  const permissions = (body['permissions'] as Permissions | undefined) ?? installation.app.permissions;
  for (const [name, level] of Object.entries(permissions)) {
    const had = installation.app.permissions[name];
    if (had === undefined || levels.indexOf(level) > levels.indexOf(had)) throw new Refusal(422, 'The permissions requested are not granted to this installation.');
  }
  const isWhole = !isSelected && installation.repositories === undefined;
  const expiresAt = call.world.now() + HOUR;
  const token = addToken(call.world, installation.app.bot, {
    kind: 'installation', permissions: { metadata: 'read', ...permissions }, expiresAt, installation, ...(isWhole ? {} : { repositories: new Set(chosen.map((one) => one.id)) }),
  });
  return {
    token: token.value, expires_at: instant(expiresAt), permissions: token.permissions, repository_selection: isWhole ? 'all' : 'selected',
    ...(isSelected ? { repositories: chosen.map((one) => repositoryJson(call.world.root(), one)) } : {}),
  };
}

export const appHandlers: Readonly<Record<string, Handler>> = {
  'apps/get-authenticated': (call) => ok(appJson(call.world.root(), callingApp(call))),
  'apps/list-installations': (call) => list([...call.world.installations.values()].filter((one) => one.app === callingApp(call)), (one) => installationJson(call.world.root(), one)),
  'apps/get-installation': (call) => ok(installationJson(call.world.root(), installationOf(call))),
  'apps/get-repo-installation': (call) => {
    const found = call.world.installationOf(callingApp(call), call.repository);
    if (found === undefined) throw notFound();
    return ok(installationJson(call.world.root(), found));
  },
  'apps/create-installation-access-token': (call) => created(createToken(call)),
  'apps/list-repos-accessible-to-installation': (call) => {
    if (call.installation === undefined || call.caller.kind !== 'token') throw new Refusal(403, 'You must authenticate with an installation access token in order to list repositories for an installation.');
    const { token } = call.caller;
    const all = repositoriesOf(call, call.installation).filter((one) => token.repositories === undefined || token.repositories.has(one.id));
    return list(all, (one) => repositoryJson(call.world.root(), one), (repositories) => ({ total_count: all.length, repositories }));
  },
};
