import { createHash } from 'node:crypto';
import { type ListLag } from '../faults/list-lag.js';
import { type JournalEntry } from '../journal.js';
import { type Validator } from '../openapi/validator.js';
import { notFound, Refusal } from '../world/refusal.js';
import { type Repository } from '../world/types.js';
import { type World } from '../world/world.js';
import { admit, needOf, scopesFor, type Need } from './access.js';
import { authenticate } from './authenticate.js';
import { actorOf, nameOf, ok, type Answer, type ApiRequest, type Call, type Caller, type Handler } from './call.js';
import { type Limits } from './limits.js';
import { paged } from './paging.js';
import { locate } from './locate.js';
import { type ApiAnswer, type RequestFaults } from './request-faults.js';
import { routeOf, type Route } from './router.js';

/** These count against the limits of content creation. */
const makesContent = new Set(['issues/create', 'issues/create-comment', 'issues/add-sub-issue', 'pulls/create']);

/**
 * One request, in GitHub's order: who asks, limits, route, repository (301 when it moved), permission, validity, effect.
 * Whatever is asked and answered is checked against GitHub's description; faults strike before and after the effect.
 */
export class Api {
  constructor(
    private readonly world: World, private readonly faults: RequestFaults, private readonly lag: ListLag, private readonly limits: Limits, private readonly validator: Validator,
    private readonly handlers: Readonly<Record<string, Handler>>,
  ) {}

  async handle(request: ApiRequest, entry: JournalEntry): Promise<ApiAnswer> {
    const route = routeOf(request.method, this.#pathOf(request));
    entry.operation = route?.operation ?? 'unknown';
    const headers: Record<string, string> = { 'x-github-request-id': `FAKE:${entry.sequence}`, 'x-github-media-type': 'github.v3; format=json', date: new Date(this.world.now()).toUTCString() };
    let answer: Answer;
    try {
      const caller = authenticate(this.world, single(request.headers['authorization']));
      entry.by = nameOf(caller);
      if (await this.faults.before(entry)) return { kind: 'cut' };
      answer = await this.#effect(request, route, caller, entry, headers);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      answer = refused(error);
    }
    return this.faults.after(entry, this.#finish(request, route, entry, answer, headers));
  }

  /** `/repositories/{id}` names a repository by what never changes; GitHub redirects there. */
  #pathOf(request: ApiRequest): string {
    return request.url.pathname.replace(/^\/repositories\/(\d+)(?=\/|$)/, (all, id: string) => {
      const repository = this.world.repositories.get(Number(id));
      return repository === undefined ? all : `/repos/${repository.owner.login}/${repository.name}`;
    });
  }

  async #effect(request: ApiRequest, route: Route | undefined, caller: Caller, entry: JournalEntry, headers: Record<string, string>): Promise<Answer> {
    if (entry.operation === 'rate-limit/get') return ok(this.#rates(entry.by));
    this.limits.admit(entry.by, entry.isWrite, makesContent.has(entry.operation));
    if (route === undefined) throw notFound();
    const need = needOf(route.operation, request.method);
    tellNeeds(headers, caller, need);
    const repository = locate(this.world, route, request.url);
    if (repository !== undefined && caller.kind === 'token' && caller.token.kind === 'classic') headers['x-accepted-oauth-scopes'] = scopesFor(need, repository).join(', ');
    const role = repository === undefined || route.operation === 'apps/get-repo-installation' ? 'none' : admit(this.world, caller, repository, need);
    if (caller.kind === 'anonymous' && request.method !== 'GET') throw new Refusal(401, 'Requires authentication');
    const query = Object.fromEntries(request.url.searchParams);
    const body = parsed(request.body.toString());
    entry.body = body;
    const problems = this.validator.request(route.operation, query, body);
    if (problems.length > 0) throw new Refusal(422, `Invalid request.\n\n${problems.join('\n')}`);
    const handler = this.handlers[route.operation];
    if (handler === undefined) throw notFound();
    const call: Call = {
      world: this.world, caller, actor: actorOf(caller), operation: route.operation, params: route.params, query, body: body ?? {}, repository: repository as Repository, role,
      installation: caller.kind === 'token' ? caller.token.installation : undefined,
      listed: () => this.lag.issues(repository as Repository, () => this.faults.strike('list-lag', entry)),
    };
    const answer = await handler(call);
    entry.hadEffect = entry.isWrite;
    return answer;
  }

  #rates(who: string): unknown {
    const core = this.limits.state(who);
    const free = { limit: 5000, used: 0, remaining: 5000, reset: core.reset };
    return { resources: { core, search: { ...free, limit: 30, remaining: 30 }, graphql: free }, rate: core };
  }

  #finish(request: ApiRequest, route: Route | undefined, entry: JournalEntry, answer: Answer, headers: Record<string, string>): ApiAnswer {
    const url = new URL(request.url.pathname + request.url.search, this.world.root());
    const { status, body, headers: own } = paged(answer, url);
    if (route !== undefined) this.validator.response(route.operation, status, body);
    const text = body === undefined ? '' : JSON.stringify(body);
    Object.assign(headers, own, { 'content-type': 'application/json; charset=utf-8' });
    if (request.method === 'GET' && status === 200) {
      const etag = `W/"${createHash('sha256').update(`${entry.by} ${text}`).digest('hex')}"`;
      Object.assign(headers, { etag, 'cache-control': 'private, max-age=60, s-maxage=60' });
      if (single(request.headers['if-none-match'])?.replace(/^W\//, '') === etag.slice(2)) {
        this.limits.giveBack(entry.by);
        return { kind: 'answer', status: 304, headers: { ...headers, ...this.limits.headers(entry.by) }, body: '' };
      }
    }
    return { kind: 'answer', status, headers: { ...headers, ...this.limits.headers(entry.by) }, body: text };
  }
}

const single = (value: string | string[] | undefined): string | undefined => Array.isArray(value) ? value[0] : value;
/** Classic tokens hear of scopes, the others of permissions. */
function tellNeeds(headers: Record<string, string>, caller: Caller, need: Need): void {
  if (caller.kind !== 'token') return;
  if (caller.token.kind === 'classic') headers['x-oauth-scopes'] = caller.token.scopes.join(', ');
  else headers['x-accepted-github-permissions'] = `${need.permission}=${need.level}`;
}

function parsed(body: string): Record<string, unknown> | undefined {
  if (body === '') return undefined;
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
    if (Array.isArray(value)) return { labels: value };
  } catch { /* answered below */ }
  throw new Refusal(400, 'Problems parsing JSON');
}

const refused = (refusal: Refusal): Answer => ({
  status: refusal.status, headers: refusal.headers,
  body: {
    message: refusal.message, ...(refusal.problems.length === 0 ? {} : { errors: refusal.problems }), ...(refusal.headers['location'] === undefined ? {} : { url: refusal.headers['location'] }),
    documentation_url: 'https://docs.github.com/rest', status: String(refusal.status),
  },
});
