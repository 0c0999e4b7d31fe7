import { scopeId, type Scope } from '../graph/graph-rows.js';
import { type EngineConnection, EngineDatabase } from './engine-database.js';
import type { Generation } from './generations.js';
import type { StoredFile, StoredScope } from './graph-store.js';
import type { EngineName } from './native-engine.js';
import { countStatements } from './schema.js';

/** The generation that counts, open for writing with its one connection: two that write at once crash the engine. */
export class LiveGraph {
  private constructor(readonly generation: Generation, private readonly database: EngineDatabase, private readonly connection: EngineConnection) {}

  static async open(generation: Generation, engine: EngineName, bufferPoolBytes: number): Promise<LiveGraph> {
    const database = await EngineDatabase.open({ engine, file: generation.file, bufferPoolBytes });
    return new LiveGraph(generation, database, await database.connect());
  }

  /** After any error, of a statement or of the commit, this live graph is used no more. */
  async transaction(write: (connection: EngineConnection) => Promise<void>): Promise<void> {
    await this.connection.run('BEGIN TRANSACTION');
    await write(this.connection);
    await this.connection.run('COMMIT');
  }

  async scopes(): Promise<readonly StoredScope[]> {
    const { rows } = await this.connection.query('MATCH (s:IndexedScope) RETURN s.repository AS repository, s.branch AS branch, s.`commit` AS at ORDER BY s.id');
    return rows.map(({ repository, branch, at }) => ({ repository: String(repository), branch: String(branch), commit: String(at) }));
  }

  async files(scope: Scope): Promise<readonly StoredFile[]> {
    const { rows } = await this.connection.query("MATCH (s:Slice) WHERE s.scope = $scope AND s.path <> '' RETURN s.path AS path, s.blob AS blob ORDER BY s.path", { scope: scopeId(scope) });
    return rows.map(({ path, blob }) => ({ path: String(path), blob: String(blob) }));
  }

  /** Slices whose rows are not as many as their state says. */
  async damaged(): Promise<readonly (Scope & { readonly path: string })[]> {
    const scopes = new Map((await this.scopes()).map((scope) => [scopeId(scope), scope]));
    const { rows } = await this.connection.query('MATCH (s:Slice) RETURN s.scope AS scope, s.path AS path, s.nodes AS nodes, s.edges AS edges');
    const missing = new RowBalance();
    for (const { scope, path, nodes, edges } of rows) missing.add(scope, path, { nodes: Number(nodes), edges: Number(edges) });
    for (const { of, text } of countStatements) for (const { scope, path, rows: count } of (await this.connection.query(text)).rows) missing.add(scope, path, { nodes: 0, edges: 0, [of]: -Number(count) });
    return missing.unbalanced().flatMap(({ scope, path }) => {
      const known = scopes.get(scope);
      return known === undefined ? [] : [{ repository: known.repository, branch: known.branch, path }];
    });
  }

  close(): void {
    this.connection.close();
    this.database.close();
  }
}

/** What a slice should have less what it has. */
class RowBalance {
  private readonly slices = new Map<string, { readonly scope: string; readonly path: string; nodes: number; edges: number }>();

  add(scope: unknown, path: unknown, rows: { readonly nodes: number; readonly edges: number }): void {
    const key = `${String(scope)}\n${String(path)}`;
    const slice = this.slices.get(key) ?? { scope: String(scope), path: String(path), nodes: 0, edges: 0 };
    slice.nodes += rows.nodes;
    slice.edges += rows.edges;
    this.slices.set(key, slice);
  }

  unbalanced(): readonly { readonly scope: string; readonly path: string }[] {
    return [...this.slices.values()].filter(({ nodes, edges }) => nodes !== 0 || edges !== 0);
  }
}
