import { hookJson } from '../json/hook-json.js';
import { Refusal } from '../world/refusal.js';
import { type Actor, type Hook, type Repository } from '../world/types.js';
import { type World } from '../world/world.js';

export interface HookFields {
  readonly url?: string | undefined;
  readonly secret?: string | undefined;
  readonly contentType?: string | undefined;
  readonly insecureSsl?: string | undefined;
  readonly events?: readonly string[] | undefined;
  readonly addEvents?: readonly string[] | undefined;
  readonly removeEvents?: readonly string[] | undefined;
  readonly isActive?: boolean | undefined;
}

/** GitHub's own limit for each event. */
const MAX_HOOKS = 20;

const refused = (message: string): Refusal => new Refusal(422, 'Validation Failed', [{ resource: 'Hook', field: 'config', code: 'custom', message }]);

/** @throws Refusal 422 when one with the same configuration exists: it must be updated then */
export function createHook(world: World, actor: Actor, repository: Repository, fields: HookFields): Hook {
  if (fields.url === undefined || !URL.canParse(fields.url)) throw refused('Config must contain URL for webhooks');
  if ([...repository.hooks.values()].some((one) => one.url === fields.url)) throw refused('Hook already exists on this repository');
  if (repository.hooks.size >= MAX_HOOKS) throw refused(`The "push" event cannot have more than ${MAX_HOOKS} hooks`);
  const now = world.now();
  const hook: Hook = {
    id: world.nextId(), repository, createdAt: now, updatedAt: now, url: fields.url, secret: fields.secret, contentType: fields.contentType === 'json' ? 'json' : 'form', insecureSsl: fields.insecureSsl ?? '0',
    events: fields.events ?? ['push'], isActive: fields.isActive ?? true, lastResponse: { code: null, status: 'unused', message: null },
  };
  repository.hooks.set(hook.id, hook);
  pingHook(world, actor, repository, hook);
  return hook;
}

/** A config that is given replaces the whole config: one without a secret takes the secret away, as on GitHub. */
export function updateHook(world: World, repository: Repository, hook: Hook, fields: HookFields): void {
  if (fields.url !== undefined) {
    if ([...repository.hooks.values()].some((one) => one !== hook && one.url === fields.url)) throw refused('Hook already exists on this repository');
    hook.url = fields.url;
    hook.secret = fields.secret;
    hook.contentType = fields.contentType === 'json' ? 'json' : 'form';
    hook.insecureSsl = fields.insecureSsl ?? '0';
  }
  const removed = new Set(fields.removeEvents);
  hook.events = [...new Set([...fields.events ?? hook.events, ...fields.addEvents ?? []])].filter((one) => !removed.has(one));
  hook.isActive = fields.isActive ?? hook.isActive;
  hook.updatedAt = world.now();
}

export function pingHook(world: World, actor: Actor, repository: Repository, hook: Hook): void {
  world.emit({ event: 'ping', repository, actor, onlyTo: hook, payload: { zen: 'Keep it logically awesome.', hook_id: hook.id, hook: hookJson(world.root(), hook) } });
}
