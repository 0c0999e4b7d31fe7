import { type Caller, type ApiRequest, actorOf, nameOf } from '../http/call.js';
import { admit, type Need } from '../http/access.js';
import { authenticate } from '../http/authenticate.js';
import { type Limits } from '../http/limits.js';
import { type ApiAnswer, type RequestFaults } from '../http/request-faults.js';
import { type JournalEntry } from '../journal.js';
import { deleteIssue } from '../verbs/ends.js';
import { setDraft } from '../verbs/pulls.js';
import { Refusal } from '../world/refusal.js';
import { type Issue, type Pull } from '../world/types.js';
import { type World } from '../world/world.js';
import { DocumentProblem, readDocument, type Field } from './document.js';
import { actorObject, issueObject, repositoryObject, type GraphObject } from './objects.js';

type Args = Readonly<Record<string, unknown>>;
type IssueOrPull = Issue & { readonly pull?: Pull };

/** An error of GraphQL: status 200, with a type that clients map. */
class GraphProblem extends Error {
  constructor(readonly type: string, message: string, readonly path: readonly string[] = []) {
    super(message);
  }
}

const notFound = (id: unknown): GraphProblem => new GraphProblem('NOT_FOUND', `Could not resolve to a node with the global id of '${String(id)}'`);

/** The few queries and changes that REST does not have (drafts, deleting) or that save requests (parents, sub-issues). */
export class GraphQl {
  constructor(private readonly world: World, private readonly limits: Limits, private readonly faults: RequestFaults) {}

  async handle(request: ApiRequest, entry: JournalEntry): Promise<ApiAnswer> {
    entry.operation = 'graphql';
    let status = 200;
    let headers: Readonly<Record<string, string>> = {};
    let body: unknown;
    try {
      const authorization = request.headers['authorization'];
      const caller = authenticate(this.world, Array.isArray(authorization) ? authorization[0] : authorization);
      entry.by = nameOf(caller);
      if (caller.kind !== 'token') throw new Refusal(401, 'This endpoint requires you to be authenticated.');
      if (await this.faults.before(entry)) return { kind: 'cut' };
      body = this.#execute(request, caller, entry);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      ({ status, headers } = error);
      body = { message: error.message, documentation_url: 'https://docs.github.com/graphql' };
    }
    return this.faults.after(entry, { kind: 'answer', status, headers: { 'content-type': 'application/json; charset=utf-8', ...headers, ...this.limits.headers(entry.by) }, body: JSON.stringify(body) });
  }

  #execute(request: ApiRequest, caller: Caller, entry: JournalEntry): unknown {
    try {
      const asked = JSON.parse(request.body.toString()) as { readonly query?: string; readonly variables?: Args };
      const document = readDocument(asked.query ?? '', asked.variables ?? {});
      entry.isWrite = document.kind === 'mutation';
      entry.operation = entry.isWrite ? `graphql/${document.fields[0]?.name ?? ''}` : 'graphql';
      this.limits.admit(entry.by, entry.isWrite, false);
      const data = projected(document.kind === 'query' ? this.#query(caller) : this.#mutation(caller), document.fields);
      entry.hadEffect = entry.isWrite;
      return { data };
    } catch (error) {
      if (error instanceof GraphProblem) return { data: null, errors: [{ type: error.type, path: error.path, message: error.message, locations: [{ line: 1, column: 1 }] }] };
      if (error instanceof DocumentProblem || error instanceof SyntaxError) return { errors: [{ message: `Parse error: ${error.message}` }] };
      throw error;
    }
  }

  #query(caller: Caller): GraphObject {
    const actor = actorOf(caller);
    const visible = (issue: IssueOrPull): GraphObject => {
      this.#admit(caller, issue, { permission: 'issues', level: 'read', role: 'read' });
      return issueObject(this.world, issue);
    };
    return {
      viewer: () => actorObject(this.world.root(), actor.account),
      node: (args: Args) => visible(this.#issue(args['id'])),
      repository: (args: Args) => {
        const found = this.world.repository(String(args['owner']), String(args['name']));
        if (found === undefined || this.world.roleOf(actor.account, found) === 'none') throw new GraphProblem('NOT_FOUND', `Could not resolve to a Repository with the name '${String(args['owner'])}/${String(args['name'])}'.`);
        return repositoryObject(this.world, found);
      },
      rateLimit: () => ({ ...this.limits.state(nameOf(caller)), cost: 1 }),
    };
  }

  #mutation(caller: Caller): GraphObject {
    const actor = actorOf(caller);
    const draft = (isDraft: boolean) => (args: Args): GraphObject => {
      const issue = this.#issue((args['input'] as Args | undefined)?.['pullRequestId']);
      if (issue.pull === undefined) throw notFound(issue.nodeId);
      this.#admit(caller, issue, { permission: 'pull_requests', level: 'write', role: issue.author === actor.account ? 'read' : 'write' });
      setDraft(this.world, actor, issue as Issue & { readonly pull: Pull }, isDraft);
      return { clientMutationId: null, pullRequest: issueObject(this.world, issue) };
    };
    return {
      convertPullRequestToDraft: draft(true), markPullRequestReadyForReview: draft(false),
      deleteIssue: (args: Args) => {
        const issue = this.#issue((args['input'] as Args | undefined)?.['issueId']);
        this.#admit(caller, issue, { permission: 'issues', level: 'write', role: 'admin' });
        deleteIssue(this.world, actor, issue);
        return { clientMutationId: null, repository: repositoryObject(this.world, issue.repository) };
      },
    };
  }

  #admit(caller: Caller, issue: Issue, need: Need): void {
    try {
      admit(this.world, caller, issue.repository, need);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      throw error.status === 404 ? notFound(issue.nodeId) : new GraphProblem('FORBIDDEN', error.message);
    }
  }

  #issue(id: unknown): IssueOrPull {
    for (const repository of this.world.repositories.values()) {
      for (const issue of repository.issues.values()) if (issue.end === undefined && issue.nodeId === id) return issue;
    }
    throw notFound(id);
  }
}

/** Only what was asked for; an unknown member is an error, as it is there. */
function projected(object: GraphObject, fields: readonly Field[]): Record<string, unknown> {
  const shown: Record<string, unknown> = {};
  for (const field of fields) {
    if (!Object.hasOwn(object, field.name)) throw new GraphProblem('undefinedField', `Field '${field.name}' doesn't exist on this type`, [field.alias]);
    const member = object[field.name];
    shown[field.alias] = below(typeof member === 'function' ? (member as (args: Args) => unknown)(field.args) : member, field);
  }
  return shown;
}

function below(value: unknown, field: Field): unknown {
  if (Array.isArray(value)) return value.map((one) => below(one, field));
  return typeof value === 'object' && value !== null ? projected(value as GraphObject, field.fields) : value;
}
