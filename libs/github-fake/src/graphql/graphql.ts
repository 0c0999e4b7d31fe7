import { type Caller, type ApiRequest, actorOf, nameOf } from '../http/call.js';
import { authenticate } from '../http/authenticate.js';
import { type Limits } from '../http/limits.js';
import { type ApiAnswer, type RequestFaults } from '../http/request-faults.js';
import { type JournalEntry } from '../journal.js';
import { Refusal } from '../world/refusal.js';
import { type World } from '../world/world.js';
import { type Args, type GraphObject } from './connection.js';
import { DocumentProblem, readDocument, type Field } from './document.js';
import { mutations } from './mutations.js';
import { Nodes, readsIssues } from './nodes.js';
import { actorObject, issueObject, repositoryObject } from './objects.js';
import { GraphProblem } from './problems.js';

/**
 * The few queries and changes that REST does not have (drafts, deleting), and those that GitHub's own MCP server makes for
 * issues and labels (https://github.com/github/github-mcp-server, v1.9.0, pkg/github/issues.go and labels.go).
 */
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
      const data = projected(document.kind === 'query' ? this.#query(caller) : mutations(this.world, caller), document.fields);
      entry.hadEffect = entry.isWrite;
      return { data };
    } catch (error) {
      if (error instanceof GraphProblem) return { data: null, errors: [{ type: error.type, path: error.path, message: error.message, locations: [{ line: 1, column: 1 }] }] };
      if (error instanceof Refusal && error.status === 422) return { data: null, errors: [{ type: 'UNPROCESSABLE', message: error.problems.some((one) => one.code === 'already_exists') ? 'Name has already been taken' : error.problems[0]?.message ?? error.message }] };
      if (error instanceof DocumentProblem || error instanceof SyntaxError) return { errors: [{ message: `Parse error: ${error.message}` }] };
      throw error;
    }
  }

  #query(caller: Caller): GraphObject {
    const actor = actorOf(caller);
    const nodes = new Nodes(this.world, caller);
    const node = (id: unknown): GraphObject => issueObject(this.world, nodes.issue(id, readsIssues));
    return {
      viewer: () => actorObject(this.world.root(), actor.account),
      node: (args: Args) => node(args['id']),
      nodes: (args: Args) => (args['ids'] as readonly unknown[]).map(node),
      repository: (args: Args) => {
        const found = this.world.repository(String(args['owner']), String(args['name']));
        if (found === undefined) throw new GraphProblem('NOT_FOUND', `Could not resolve to a Repository with the name '${String(args['owner'])}/${String(args['name'])}'.`);
        return repositoryObject(this.world, nodes.repository(found.nodeId, { permission: 'metadata', level: 'read', role: 'read' }));
      },
      rateLimit: () => ({ ...this.limits.state(nameOf(caller)), cost: 1 }),
    };
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
