// The fake GitHub as a process: `node main.js [--port N] [--seed file.json] [--no-limits]`. Prints `{"url":"…"}` and serves
// until it is told to stop; it then ends with 1 when something did not fit GitHub's description.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { startFakeGitHub } from './start-fake-github.js';
import { githubLimits, noLimits } from './http/limits.js';
import { type Seed } from './seed.js';

const { values } = parseArgs({ options: { port: { type: 'string', default: '0' }, seed: { type: 'string' }, 'no-limits': { type: 'boolean', default: false } } });
const seed = values.seed === undefined ? {} : JSON.parse(readFileSync(values.seed, 'utf8')) as Seed;
const github = await startFakeGitHub({ seed, port: Number(values.port), limits: values['no-limits'] ? noLimits : githubLimits });
console.log(JSON.stringify({ url: github.url }));

const stop = (): void => {
  github.close().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
};
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, stop);
