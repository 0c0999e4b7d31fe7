import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isCascadeError } from '@cascade/contracts';
import { makeFixture, type Fixture } from './testing/git-fixture.js';

const TOKEN = 'geheim-1234567890';
let fixture: Fixture;
let servers: Server[];

async function listen(seen: IncomingHttpHeaders[], answer: { status: number; location?: string }): Promise<string> {
  const server = createServer((request, response) => {
    seen.push(request.headers);
    response.writeHead(answer.status, answer.location === undefined ? {} : { location: `${answer.location}${request.url ?? ''}` }).end();
  });
  servers.push(server);
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const openFailure = async (address: string): Promise<string> => {
  const error: unknown = await fixture.git.open('c1', address).then(() => undefined, (failure: unknown) => failure);
  if (!isCascadeError(error)) throw error;
  return JSON.stringify({ ...error.toProblem(), cause: String(error.cause), stack: error.stack });
};

beforeEach(() => {
  servers = [];
  fixture = makeFixture();
  process.env['CASCADE_GIT_TOKEN'] = TOKEN;
});
afterEach(async () => {
  delete process.env['CASCADE_GIT_TOKEN'];
  delete process.env['CASCADE_GIT_TOKEN_HOST'];
  for (const server of servers) server.close();
  await fixture.remove();
});

describe('the token', () => {
  it('goes to its host, and is in no message', async () => {
    process.env['CASCADE_GIT_TOKEN_HOST'] = '127.0.0.1';
    const seen: IncomingHttpHeaders[] = [];
    const message = await openFailure(`${await listen(seen, { status: 401 })}/x.git`);
    expect(message).toContain('CASC_REPOSITORY_ACCESS_DENIED');
    expect(Buffer.from((seen[0]?.authorization ?? '').replace('Basic ', ''), 'base64').toString()).toBe(`x-access-token:${TOKEN}`);
    expect(message).not.toContain(TOKEN);
    expect(message).not.toContain(Buffer.from(`x-access-token:${TOKEN}`).toString('base64'));
  });

  it('does not go to another host that a request names', async () => {
    const seen: IncomingHttpHeaders[] = [];
    await openFailure(`${await listen(seen, { status: 404 })}/x.git`);
    expect(seen.length).toBeGreaterThan(0);
    expect(seen.every((headers) => headers.authorization === undefined)).toBe(true);
  });

  it('does not follow a redirect', async () => {
    process.env['CASCADE_GIT_TOKEN_HOST'] = '127.0.0.1';
    const [seen, elsewhere]: [IncomingHttpHeaders[], IncomingHttpHeaders[]] = [[], []];
    const target = await listen(elsewhere, { status: 404 });
    expect(await openFailure(`${await listen(seen, { status: 302, location: target })}/x.git`)).toContain('CASC_REPOSITORY_MOVED');
    expect(seen.length).toBeGreaterThan(0);
    expect(elsewhere).toEqual([]);
  });
});
