import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { root, SetupError } from './commands.mjs';

/**
 * Finds (or unpacks into .cache/) the two programs that tests need, before any of them runs: a Redis server, and
 * bubblewrap, whose place the tests learn from the environment. The package must be built. When both are missing, both
 * are named at once.
 */
export async function provideTestNeeds() {
  const { cacheDirectory, ensureBwrap, findRedisProgram } = await import(pathToFileURL(path.join(root, 'libs/local-runtime/dist/index.js')).href);
  const problems = [];
  for (const provide of [() => findRedisProgram(process.env, cacheDirectory(process.env)), async () => Object.assign(process.env, await ensureBwrap(process.env))]) {
    await provide().catch((error) => problems.push(problemOf(error)));
  }
  if (problems.length > 0) throw new SetupError(problems.join('\n'), 2);
}

function problemOf(error) {
  if (error.code === undefined) throw error;
  return [error.message, error.advice].filter(Boolean).join('\n');
}
