import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, globSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { freePort, removeTemporaryFolder, startTestRedis, temporaryFolder, untilTrue, type TestRedis } from '@cascade/testing';
import { checkout } from './testing/checkout.js';

const run = promisify(execFile);
const folder = temporaryFolder('bundles');
let redis: TestRedis;

/** What the image of a service would hold, made to lie where it was made. */
async function bundle(service: string): Promise<string> {
  const home = join(folder, service);
  mkdirSync(home);
  await run(process.execPath, ['deploy/docker/bundle.mjs', service, home, home], { cwd: checkout });
  return home;
}

const carried = (home: string): readonly string[] => globSync(['node_modules/*/package.json', 'node_modules/@*/*/package.json'], { cwd: home }).map((file) => file.slice('node_modules/'.length, -'/package.json'.length)).sort((a, b) => a.localeCompare(b));

beforeAll(async () => { redis = await startTestRedis(); });
afterAll(async () => {
  await redis.stop();
  removeTemporaryFolder(folder);
});

it('holds a service that runs, with nothing of the checkout, and the command line beside it', async () => {
  const home = await bundle('supervisor');
  expect(carried(home)).toEqual([]);
  const port = await freePort();
  const env = { PATH: process.env['PATH'], HOME: folder, REDIS_URL: redis.url, CASCADE_HEALTH_PORT: String(port), CASCADE_DEPLOYMENT: 'remote' };
  const supervisor = spawn(process.execPath, ['main.js'], { cwd: home, env, stdio: ['ignore', 'ignore', 'inherit'] });
  const gone = once(supervisor, 'exit') as Promise<[number | null]>;
  await untilTrue(() => supervisor.exitCode !== null || fetch(`http://127.0.0.1:${port}/ready`).then(({ ok }) => ok, () => false), 'the bundled supervisor is ready');
  expect(supervisor.exitCode).toBeNull();
  const { stdout } = await run(process.execPath, ['cascade.js', 'list', '--json'], { cwd: home, env });
  expect(stdout).not.toContain('Error');
  supervisor.kill('SIGTERM');
  expect((await gone)[0]).toBe(0);
});

it('carries the model\'s parser for those who call a model', async () => {
  expect(carried(await bundle('agent-10-specs'))).toEqual(expect.arrayContaining(['@boundaryml/baml']));
});

it('carries nothing for the API', async () => {
  expect(carried(await bundle('api'))).toEqual([]);
});

it('carries the graph engine, once, and the programs that start it, for docs-indexer alone', async () => {
  const docs = await bundle('docs-indexer');
  expect(carried(docs)).not.toContain('@boundaryml/baml');
  expect(carried(docs)).toEqual(expect.arrayContaining(['kuzu', 'tree-sitter-python', 'web-tree-sitter']));
  expect(globSync('node_modules/kuzu/prebuilt/*', { cwd: docs })).toHaveLength(1);
  expect(['store/engine-worker.js', 'indexing/parse-worker.js'].filter((program) => !existsSync(join(docs, 'libs/docs-graph/dist', program)))).toEqual([]);
});
