import { createHmac, randomUUID } from 'node:crypto';
import { type Validator } from '../openapi/validator.js';
import { type Fault, type Faults, type FaultSubject } from '../faults/faults.js';
import { accountJson } from '../json/account-json.js';
import { repositoryJson } from '../json/repository-json.js';
import { type Hook, type Installation } from '../world/types.js';
import { type World, type WorldEvent } from '../world/world.js';
import { type Delivery, type Message } from './delivery.js';

/** Redelivery is possible so long; GitHub's own limit. */
const KEPT_MS = 3 * 24 * 3_600_000;
const MAX_KEPT = 20_000;
/** GitHub waits so long for an answer. */
const ANSWER_MS = 10_000;
const MAX_ANSWER = 64 * 1024;
/** A test never reaches anything but this machine. */
const loopback = new Set(['127.0.0.1', 'localhost', '[::1]']);

/**
 * Sends webhooks as GitHub does: real HMAC-SHA-256 over the exact bytes, a GUID a message, a log of attempts, redelivery
 * with the same GUID, no retry of its own. A hook gets its messages one after the other in the order of what happened,
 * unless a fault says otherwise.
 */
export class WebhookSender {
  readonly #log: Delivery[] = [];
  readonly #queues = new Map<Hook, Promise<void>>();
  readonly #reordered = new Map<Fault, Message[]>();
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #closing = new AbortController();
  #pending = 0;
  #idle: (() => void)[] = [];

  constructor(private readonly world: World, private readonly faults: Faults, private readonly validator: Validator) {
    world.onEvent((event) => this.#hear(event));
  }

  deliveries(hook: Hook): readonly Delivery[] {
    return this.#log.filter((one) => one.message.hook === hook && one.at > this.world.now() - KEPT_MS).reverse();
  }

  /** Sends it again with the same GUID; faults do not hit it. */
  redeliver(delivery: Delivery): void {
    this.#enqueue(delivery.message, true);
  }

  /** Resolves when everything that is due (not what a fault holds) was answered or given up. */
  settled(): Promise<void> {
    return this.#pending === 0 ? Promise.resolve() : new Promise((done) => { this.#idle.push(done); });
  }

  close(): void {
    this.#closing.abort();
    for (const timer of this.#timers) clearTimeout(timer);
  }

  #hear(event: WorldEvent): void {
    for (const { hook, installation } of this.#listening(event)) this.#send(this.#message(event, hook, installation));
  }

  #listening(event: WorldEvent): readonly { readonly hook: Hook; readonly installation?: Installation }[] {
    if (event.onlyTo !== undefined) return [{ hook: event.onlyTo }];
    const wants = (hook: Hook): boolean => hook.isActive && (hook.events.includes('*') || hook.events.includes(event.event));
    const ofRepository = [...event.repository.hooks.values()].filter(wants).map((hook) => ({ hook }));
    const ofApps = [...this.world.apps.values()].flatMap((app) => {
      const installation = this.world.installationOf(app, event.repository);
      return app.hook !== undefined && installation !== undefined && wants(app.hook) ? [{ hook: app.hook, installation }] : [];
    });
    return [...ofRepository, ...ofApps];
  }

  #message(event: WorldEvent, hook: Hook, installation: Installation | undefined): Message {
    const root = this.world.root();
    const { owner } = event.repository;
    const api = `${root}/orgs/${owner.login}`;
    const organization = {
      login: owner.login, id: owner.id, node_id: owner.nodeId, url: api, repos_url: `${api}/repos`, events_url: `${api}/events`, hooks_url: `${api}/hooks`, issues_url: `${api}/issues`,
      members_url: `${api}/members{/member}`, public_members_url: `${api}/public_members{/member}`, avatar_url: `${root}/avatars/${owner.id}`, description: null,
    };
    const payload = {
      ...(event.action === undefined ? {} : { action: event.action }), ...event.payload, repository: event.payload['repository'] ?? repositoryJson(root, event.repository),
      ...(owner.type === 'Organization' ? { organization } : {}), sender: accountJson(root, event.actor.account),
      ...(installation === undefined ? {} : { installation: { id: installation.id, node_id: Buffer.from(`Integration${installation.id}`).toString('base64') } }),
    };
    this.validator.webhook(event.event, event.action, payload);
    return { guid: randomUUID(), hook, event: event.event, action: event.action, payload: JSON.stringify(payload), repositoryId: event.repository.id, installationId: installation?.id };
  }

  #send(message: Message): void {
    const subject: FaultSubject = { event: message.event, action: message.action };
    const strike = (name: Parameters<Faults['strike']>[0]): Fault | undefined => this.faults.strike(name, subject);
    if (strike('webhook-lost') !== undefined) return;
    if (strike('webhook-dropped') !== undefined) return this.#keep(this.#attempt(message, false, undefined), 'failed to connect to host', 502);
    const secret = strike('webhook-other-secret')?.order.secret;
    const held = strike('webhook-held');
    if (held !== undefined) return held.whenReleased(() => this.#enqueue(message, false, secret));
    const delayed = strike('webhook-delayed');
    if (delayed !== undefined) return this.#later(delayed.order.ms ?? 0, () => this.#enqueue(message, false, secret));
    const reordered = strike('webhook-reordered');
    if (reordered !== undefined) return this.#reorder(reordered, message);
    const copies = strike('webhook-duplicated');
    for (let copy = 0; copy < (copies === undefined ? 1 : copies.order.count ?? 2); copy += 1) this.#enqueue(message, false, secret);
  }

  /** Collects what the fault strikes; the last one to come (or the release) lets all go, last first. */
  #reorder(fault: Fault, message: Message): void {
    const collected = this.#reordered.get(fault) ?? [];
    const letGo = (): void => { for (const one of collected.splice(0).reverse()) this.#enqueue(one, false); };
    if (!this.#reordered.has(fault)) fault.whenReleased(letGo);
    this.#reordered.set(fault, collected);
    collected.push(message);
    if (collected.length >= (fault.order.count ?? 2)) letGo();
  }

  #later(ms: number, run: () => void): void {
    this.#pending += 1;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      run();
      this.#done();
    }, ms);
    this.#timers.add(timer);
  }

  #enqueue(message: Message, isRedelivery: boolean, secret?: string): void {
    if (this.#closing.signal.aborted) return;
    this.#pending += 1;
    const before = this.#queues.get(message.hook) ?? Promise.resolve();
    const sent = before.then(() => this.#post(message, isRedelivery, secret)).finally(() => this.#done());
    this.#queues.set(message.hook, sent);
  }

  #done(): void {
    this.#pending -= 1;
    if (this.#pending === 0) for (const done of this.#idle.splice(0)) done();
  }

  #attempt(message: Message, isRedelivery: boolean, secret: string | undefined): Delivery {
    return {
      id: this.world.nextId(), message, at: this.world.now(), isRedelivery, requestHeaders: headersOf(message, secret ?? message.hook.secret),
      seconds: 0, status: 'OK', statusCode: 200, responseHeaders: {}, responseBody: '',
    };
  }

  #keep(delivery: Delivery, status: string, statusCode: number): void {
    Object.assign(delivery, { status, statusCode });
    delivery.message.hook.lastResponse = { code: statusCode, status: statusCode < 300 ? 'active' : 'unused', message: status };
    this.#log.push(delivery);
    if (this.#log.length > MAX_KEPT) this.#log.shift();
  }

  async #post(message: Message, isRedelivery: boolean, secret: string | undefined): Promise<void> {
    if (this.#closing.signal.aborted) return;
    const delivery = this.#attempt(message, isRedelivery, secret);
    const { hook } = message;
    if (!loopback.has(new URL(hook.url).hostname)) return this.#keep(delivery, 'failed to connect to host', 502);
    const started = performance.now();
    try {
      const answer = await fetch(hook.url, { method: 'POST', headers: delivery.requestHeaders, body: bodyOf(message), redirect: 'manual', signal: AbortSignal.any([this.#closing.signal, AbortSignal.timeout(ANSWER_MS)]) });
      delivery.responseBody = (await answer.text()).slice(0, MAX_ANSWER);
      delivery.responseHeaders = Object.fromEntries(answer.headers);
      delivery.seconds = Math.round((performance.now() - started) / 10) / 100;
      this.#keep(delivery, answer.ok ? 'OK' : `Invalid HTTP Response: ${answer.status}`, answer.status);
    } catch (error) {
      const isLate = error instanceof Error && error.name === 'TimeoutError';
      if (!this.#closing.signal.aborted) this.#keep(delivery, isLate ? 'timed out' : 'failed to connect to host', isLate ? 504 : 502);
    }
  }
}

const bodyOf = (message: Message): string => message.hook.contentType === 'json' ? message.payload : new URLSearchParams({ payload: message.payload }).toString();

function headersOf(message: Message, secret: string | undefined): Readonly<Record<string, string>> {
  const { hook } = message;
  const body = bodyOf(message);
  const mac = (algorithm: string): string => createHmac(algorithm, secret ?? '').update(body).digest('hex');
  return {
    'content-type': hook.contentType === 'json' ? 'application/json' : 'application/x-www-form-urlencoded', 'user-agent': 'GitHub-Hookshot/fake', accept: '*/*', 'x-github-event': message.event, 'x-github-delivery': message.guid,
    'x-github-hook-id': String(hook.id), 'x-github-hook-installation-target-id': String(hook.repository?.id ?? hook.appId), 'x-github-hook-installation-target-type': hook.repository === undefined ? 'integration' : 'repository',
    ...(secret === undefined ? {} : { 'x-hub-signature': `sha1=${mac('sha1')}`, 'x-hub-signature-256': `sha256=${mac('sha256')}` }),
  };
}
