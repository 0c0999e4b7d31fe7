import type { IncomingMessage, ServerResponse } from 'node:http';
import { controls } from './control.js';
import { FakeGitHub, type FakeGitHubOptions } from './fake-github.js';
import { bodyOf, listen } from './http/server.js';

const CONTROL = '/_fake/';

/** @throws CASC_FAKE_GITHUB_SEED: what it should start with is not possible */
export async function startFakeGitHub(options: FakeGitHubOptions & { /** 0: a free one. */ readonly port?: number } = {}): Promise<FakeGitHub> {
  const github = new FakeGitHub(options);
  const { server, url } = await listen((request, response) => respond(github, request, response), options.port ?? 0, (error) => github.defect(error));
  github.servedAt(url, () => new Promise((done) => { server.close(() => done()); server.closeAllConnections(); }));
  return github;
}

async function respond(github: FakeGitHub, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL((request.url ?? '/').replace(/^\/api\/v3(?=\/|\?|$)/, ''), github.url);
  const body = await bodyOf(request);
  if (body === undefined) return void response.writeHead(413).end();
  if (url.pathname.startsWith(CONTROL)) return control(github, url.pathname.slice(CONTROL.length), body.toString(), response);
  const answer = await github.answer({ method: request.method ?? 'GET', url, headers: request.headers, body });
  if (answer.kind === 'cut') return void response.destroy();
  response.writeHead(answer.status, answer.headers).end(answer.body.length === 0 ? undefined : answer.body);
}

async function control(github: FakeGitHub, name: string, body: string, response: ServerResponse): Promise<void> {
  const ordered = Object.hasOwn(controls, name) ? controls[name] : undefined;
  if (ordered === undefined) return void response.writeHead(404).end();
  try {
    const result = await ordered(github, body === '' ? {} : JSON.parse(body) as Record<string, unknown>);
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(result ?? {}));
  } catch (error) {
    response.writeHead(400, { 'content-type': 'application/json' }).end(JSON.stringify({ message: error instanceof Error ? error.message : String(error) }));
  }
}
