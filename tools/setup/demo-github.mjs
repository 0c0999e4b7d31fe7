import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { build, root, run, say, SetupError } from './commands.mjs';

const address = 'ada/price-list';
const LOOK_AGAIN_MS = 200;
const SHOWN_LINES = 30;

/**
 * The demo's repository on a stand-in for GitHub in a process of its own: issues, comments, pull requests, webhooks and
 * git over HTTP as GitHub has them, without an account. Gives the repository's address, what to do while the cascade runs,
 * and what to show and end afterwards.
 */
export async function githubStandIn(repository) {
  await build();
  const github = await startStandIn();
  const { token } = await github.order('user', { login: 'cascade-bot' });
  await github.order('user', { login: 'ada' });
  await github.order('repository', { address, copyOf: repository, collaborators: { 'cascade-bot': 'admin' } });
  const { freePort } = await import('@cascade/local-runtime'); // there only when it was built
  const port = await freePort();
  Object.assign(process.env, {
    CASCADE_GITHUB_API: `${github.url}/api/v3`, CASCADE_GITHUB_TOKEN: token, CASCADE_GITHUB_LIMITS: 'none', CASCADE_GITHUB_WEBHOOK_SECRETS: randomBytes(24).toString('hex'), CASCADE_WEBHOOK_PORT: String(port),
    CASCADE_GIT_TOKEN: token, CASCADE_GIT_TOKEN_HOST: new URL(github.url).host,
  });
  const set = await run([process.execPath, path.join(root, 'apps/cli/dist/main.js'), 'github', 'setup', '--repo', address, '--url', `http://127.0.0.1:${port}/webhooks/github`]);
  if (set.code !== 0) throw new SetupError(`The stand-in for GitHub could not be set up.\n${set.output}`);
  const steering = new AbortController();
  return {
    url: `${github.url}/${address}`,
    /** What a person does meanwhile: asks in a comment how it goes. */
    steer: () => askInComment(github, steering.signal),
    show: async () => {
      steering.abort();
      await github.order('settled');
      show(await github.order('look', { address }));
    },
    stop: github.stop,
  };
}

async function startStandIn() {
  const child = spawn(process.execPath, [path.join(root, 'libs/github-fake/dist/main.js'), '--no-limits'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await Promise.race([once(createInterface({ input: child.stdout }), 'line'), once(child, 'exit').then(() => { throw new SetupError('The stand-in for GitHub did not start.'); })]);
  const { url } = JSON.parse(line);
  const order = async (name, body = {}) => {
    const answer = await fetch(`${url}/_fake/${name}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
    if (!answer.ok) throw new SetupError(`The stand-in for GitHub refused ${name}: ${await answer.text()}`);
    const text = await answer.text();
    return text === '' ? undefined : JSON.parse(text);
  };
  const stop = async () => {
    if (child.exitCode !== null) return;
    child.kill('SIGTERM');
    await once(child, 'exit');
  };
  return { url, order, stop };
}

async function askInComment(github, signal) {
  while (!signal.aborted) {
    const epic = (await github.order('look', { address })).find(({ labels }) => labels.includes('epic'));
    if (epic !== undefined) return void await github.order('act', { login: 'ada', verb: 'comment', with: { repository: address, number: epic.number, body: '/cascade status' } });
    await delay(LOOK_AGAIN_MS);
  }
}

/** The work items as their issues hang together, what was said at the epic, and the pull request. */
function show(seen) {
  const issues = seen.filter(({ isPullRequest }) => !isPullRequest);
  say(`\n${address} on the stand-in for GitHub`);
  for (const issue of issues.filter(({ parent }) => parent === undefined)) showIssue(issue, issues, 1);
  const epic = issues.find(({ labels }) => labels.includes('epic'));
  for (const { author, body } of epic?.comments ?? []) say(`\n  ${author} at #${epic.number}\n${indented(readable(body))}`);
  for (const pull of seen.filter(({ isPullRequest }) => isPullRequest)) say(`\n  Pull request #${pull.number}${pull.isDraft ? ' (draft)' : ''}: ${pull.title}\n${indented(readable(pull.body))}`);
}

function showIssue(issue, issues, depth) {
  const title = `${'  '.repeat(depth)}#${issue.number} ${issue.title}`;
  const cut = title.length > 76 ? `${title.slice(0, 75)}…` : title.padEnd(76);
  say(`${cut} ${issue.state.padEnd(6)} ${issue.labels.filter((label) => label !== 'cascade').join(', ')}`);
  for (const child of issues.filter(({ parent }) => parent === issue.number)) showIssue(child, issues, depth + 1);
}

/** As a person sees it on a page: without the hidden markers. */
const readable = (body) => body.replaceAll(/<!--[\s\S]*?-->/g, '').replaceAll(/\n{3,}/g, '\n\n').trim();

function indented(text) {
  const lines = text.split('\n');
  const shown = lines.slice(0, SHOWN_LINES).map((line) => `    ${line}`);
  return [...shown, ...(lines.length > SHOWN_LINES ? [`    … ${lines.length - SHOWN_LINES} lines more`] : [])].join('\n');
}
