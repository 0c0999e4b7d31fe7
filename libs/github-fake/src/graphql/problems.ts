/** An error of GraphQL: status 200, with a type that clients map. */
export class GraphProblem extends Error {
  constructor(readonly type: string, message: string, readonly path: readonly string[] = []) {
    super(message);
  }
}

export const notFoundNode = (id: unknown): GraphProblem => new GraphProblem('NOT_FOUND', `Could not resolve to a node with the global id of '${String(id)}'`);
