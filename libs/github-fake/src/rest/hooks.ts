import { created, empty, ok, type Answer, type Call, type Handler } from '../http/call.js';
import { hookJson } from '../json/hook-json.js';
import { list } from '../http/call.js';
import { pingHook, createHook, updateHook, type HookFields } from '../verbs/hooks.js';
import { deliveryInList, deliveryJson, type Delivery } from '../webhooks/delivery.js';
import { type WebhookSender } from '../webhooks/sender.js';
import { notFound, Refusal } from '../world/refusal.js';
import { type Hook } from '../world/types.js';
import { names, text } from './lookup.js';

function fields(call: Call): HookFields {
  const config = (call.body['config'] ?? {}) as Readonly<Record<string, unknown>>;
  return {
    url: text(config['url']), secret: text(config['secret']), contentType: text(config['content_type']), insecureSsl: text(config['insecure_ssl']), events: names(call.body['events']),
    addEvents: names(call.body['add_events']), removeEvents: names(call.body['remove_events']), isActive: call.body['active'] as boolean | undefined,
  };
}

function hookOf(call: Call): Hook {
  const hook = call.repository.hooks.get(Number(call.params['hook_id']));
  if (hook === undefined) throw notFound();
  return hook;
}

/** Deliveries of an App are asked for by the App itself. */
function appHook(call: Call): Hook {
  const hook = call.caller.kind === 'app' ? call.caller.app.hook : undefined;
  if (hook === undefined) throw notFound();
  return hook;
}

export const hookHandlers: Readonly<Record<string, Handler>> = {
  'repos/list-webhooks': (call) => list([...call.repository.hooks.values()], (hook) => hookJson(call.world.root(), hook)),
  'repos/create-webhook': (call) => created(hookJson(call.world.root(), createHook(call.world, call.actor, call.repository, fields(call)))),
  'repos/get-webhook': (call) => ok(hookJson(call.world.root(), hookOf(call))),
  'repos/update-webhook': (call) => {
    const hook = hookOf(call);
    updateHook(call.world, call.repository, hook, fields(call));
    return ok(hookJson(call.world.root(), hook));
  },
  'repos/delete-webhook': (call) => {
    call.repository.hooks.delete(hookOf(call).id);
    return empty();
  },
  'repos/ping-webhook': (call) => {
    pingHook(call.world, call.actor, call.repository, hookOf(call));
    return empty();
  },
};

/** Newest first; pages by `cursor`, the id of the last one seen. */
function listed(sender: WebhookSender, call: Call, hook: Hook): Answer {
  const { cursor, per_page: perPage = '30', status } = call.query;
  const failed = (one: Delivery): boolean => one.statusCode < 200 || one.statusCode >= 400;
  const all = sender.deliveries(hook).filter((one) => (cursor === undefined || one.id < Number(cursor)) && (status === undefined || failed(one) === (status === 'failure')));
  const page = all.slice(0, Math.min(Number(perPage), 100));
  const last = page.at(-1);
  const path = call.operation.startsWith('apps/') ? '/app/hook/deliveries' : `/repos/${call.repository.owner.login}/${call.repository.name}/hooks/${hook.id}/deliveries`;
  const query = new URLSearchParams({ ...call.query, cursor: String(last?.id ?? '') }).toString();
  return { ...ok(page.map(deliveryInList)), ...(all.length > page.length ? { headers: { link: `<${call.world.root()}${path}?${query}>; rel="next"` } } : {}) };
}

function delivery(sender: WebhookSender, call: Call, hook: Hook): Delivery {
  const found = sender.deliveries(hook).find((one) => one.id === Number(call.params['delivery_id']));
  if (found === undefined) throw new Refusal(404, 'Not Found');
  return found;
}

export function deliveryHandlers(sender: WebhookSender): Readonly<Record<string, Handler>> {
  const again = (call: Call, hook: Hook): Answer => {
    sender.redeliver(delivery(sender, call, hook));
    return { status: 202, body: {} };
  };
  return {
    'repos/list-webhook-deliveries': (call) => listed(sender, call, hookOf(call)),
    'repos/get-webhook-delivery': (call) => ok(deliveryJson(delivery(sender, call, hookOf(call)))),
    'repos/redeliver-webhook-delivery': (call) => again(call, hookOf(call)),
    'apps/list-webhook-deliveries': (call) => listed(sender, call, appHook(call)),
    'apps/get-webhook-delivery': (call) => ok(deliveryJson(delivery(sender, call, appHook(call)))),
    'apps/redeliver-webhook-delivery': (call) => again(call, appHook(call)),
  };
}
