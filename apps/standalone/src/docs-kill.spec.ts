import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { docsCypher, docsIndexRequested, docsStats } from '@cascade/contracts';
import { removeTemporaryFolders, sampleGitRepository, SeededRandom, startTestRedis, temporaryFolder, type SampleRepository, type TestRedis } from '@cascade/testing';
import { docsServices, startStandalone, type Standalone } from './standalone.js';
import { DocsCaller } from './testing/docs-caller.js';

/** So many here; CASCADE_DOCS_KILLS=50 for a long look. */
const kills = Number(process.env['CASCADE_DOCS_KILLS'] ?? 3);
const seed = Number(process.env['CASCADE_SEED'] ?? Date.now() % 1_000_000);
/** Longer than an indexing of the sample takes: some kills hit its end, or nothing. */
const LONGEST_MS = 900;
jest.setTimeout(120_000 + kills * 30_000);

const main = fileURLToPath(new URL('../../docs-indexer/dist/main.js', import.meta.url));
const random = new SeededRandom(seed);
let server: TestRedis;
let caller: DocsCaller;
let gitWorker: Standalone;
let indexer: ChildProcess | undefined;
let repository: SampleRepository;
let env: NodeJS.ProcessEnv;

const start = (docs: string): void => { indexer = spawn(process.execPath, [main], { env: { ...env, CASCADE_DOCS: docs }, stdio: ['ignore', 'inherit', 'inherit'] }); };

async function kill(): Promise<void> {
  const dying = indexer;
  indexer = undefined;
  if (dying === undefined) return;
  const gone = once(dying, 'exit');
  dying.kill('SIGKILL');
  await gone;
}

/** Files that name one another, so that a change of one reaches others. */
function change(round: number): void {
  const files = Object.fromEntries(Array.from({ length: 1 + random.below(6) }, () => {
    const [own, other] = [random.below(25), random.below(25)];
    return [`src/f${own}.ts`, `import { f${other} } from './f${other}.js';\n\n/** In round ${round}. */\nexport function f${own}(n: number): number {\n  return f${other}(n) + ${round};\n}\n`];
  }));
  repository.write(files);
  repository.commit(`round ${round}`);
}

/** Everything that the graph on disk says of the branch. */
async function graph(): Promise<unknown> {
  const ask = async (query: string): Promise<unknown> => (await caller.ask(docsCypher, { repository: repository.folder, query, parameters: {}, rows: 1000, timeoutMs: 5000 })).rows;
  const nodes = ['Repository', 'Package', 'File', 'Function', 'Class', 'DocPage'].map((table) => `MATCH (n:${table}) RETURN n ORDER BY n.id`);
  const edges = ['CONTAINS', 'DEPENDS_ON', 'IMPORTS', 'INHERITS', 'DOCUMENTS', 'TESTS'].map((table) => `MATCH (a)-[e:${table}]->(b) RETURN a.id, b.id, e.dependency_type, e.line ORDER BY a.id, b.id`);
  return Promise.all([...nodes, ...edges].map(ask));
}

beforeAll(async () => {
  server = await startTestRedis();
  const home = temporaryFolder('docs-kill');
  env = { ...process.env, REDIS_URL: server.url, CASCADE_HOME: home, CASCADE_CLAIM_IDLE_MS: '500', CASCADE_MAX_DELIVERIES: '1000' };
  repository = sampleGitRepository(Object.fromEntries(Array.from({ length: 25 }, (_, at) => [`src/f${at}.ts`, `export function f${at}(n: number): number { return n; }\n`])), 'shop');
  caller = new DocsCaller(server.url);
  gitWorker = await startStandalone(env, undefined, docsServices.filter(({ name }) => name === 'git-worker'));
});
afterAll(async () => {
  await kill();
  await Promise.all([caller.close(), gitWorker.stop()]);
  await server.stop();
  removeTemporaryFolders();
});

it(`is after ${kills} kills at random moments the graph that is built in one go (seed ${seed})`, async () => {
  const [killed, fresh] = [path.join(temporaryFolder('docs'), 'killed'), path.join(temporaryFolder('docs'), 'fresh')];
  for (let round = 1; round <= kills; round += 1) {
    start(killed);
    if (round % 2 === 0) await caller.ask(docsStats, { repository: repository.folder }).catch(() => undefined); // it is up; else it may die while it starts
    change(round);
    await caller.publisher.publish(docsIndexRequested, { repository: repository.folder });
    await delay(random.below(LONGEST_MS)); // the moment of the kill, not a wait for anything
    await kill();
  }
  start(killed);
  const { commit } = await caller.index({ repository: repository.folder });
  expect(commit).toBe(repository.git('rev-parse', 'HEAD'));
  const [afterKills, statsAfterKills] = [await graph(), await caller.ask(docsStats, { repository: repository.folder })];
  await kill();
  start(fresh);
  expect(await caller.index({ repository: repository.folder })).toMatchObject({ how: 'whole', commit });
  expect(afterKills).toEqual(await graph());
  expect(statsAfterKills).toEqual(await caller.ask(docsStats, { repository: repository.folder }));
});
