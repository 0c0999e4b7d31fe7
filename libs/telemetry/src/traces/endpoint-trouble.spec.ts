import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { startTracing } from './start-tracing.js';
import { stopTracing, traced } from './tracing.js';

/** What OpenTelemetry keeps for an endpoint that does not take it, and what it sends at once: its own defaults. */
const MOST_WAITING = 2_048;
const BATCH = 512;

let server: Server;
let answer: (response: ServerResponse) => void;
/** Spans in each request that came. */
let received: number[];
let told: string[];
let heard: () => void;
const variables = ['OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_EXPORTER_OTLP_TIMEOUT', 'OTEL_BSP_SCHEDULE_DELAY'] as const;

beforeEach(async () => {
  received = [];
  told = [];
  server = createServer((request, response) => {
    void text(request).then((body) => {
      received.push((JSON.parse(body) as { resourceSpans: { scopeSpans: { spans: unknown[] }[] }[] }).resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans)).length);
      answer(response);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // The SDK reads the variables of the process. A request that is not answered by then has failed.
  Object.assign(process.env, { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, OTEL_EXPORTER_OTLP_TIMEOUT: '100', OTEL_BSP_SCHEDULE_DELAY: '1' });
});
afterEach(async () => {
  await stopTracing();
  for (const name of variables) Reflect.deleteProperty(process.env, name);
  if (!server.listening) return;
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

const works = (times: number): Promise<number[]> => Promise.all(Array.from({ length: times }, (_, n) => traced('work', { begins: true }, async () => n)));

/** Far more work than can wait, while the endpoint is in trouble; gives when that was told. */
async function workThrough(): Promise<void> {
  const isTold = new Promise<void>((resolve) => { heard = resolve; });
  await startTracing('tried', (line) => {
    told.push(line);
    heard();
  });
  expect(await works(20_000)).toEqual(Array.from({ length: 20_000 }, (_, n) => n));
  await isTold;
}

const troubles: readonly (readonly [string, (response: ServerResponse) => void])[] = [
  ['does not answer', () => undefined],
  ['answers 500', (response) => response.writeHead(500).end()],
  ['asks for a repetition in an hour', (response) => response.writeHead(503, { 'retry-after': '3600' }).end()],
];

for (const [how, inTrouble] of troubles) {
  it(`an endpoint that ${how} holds up no work, is told once, and finds a bounded rest when it is back`, async () => {
    answer = inTrouble;
    await workThrough();
    while (received.length < 3) await once(server, 'request'); // batch after batch
    expect(told).toEqual([expect.stringMatching(/^traces cannot be sent, and are lost meanwhile: ./)]);

    const before = received.length;
    answer = (response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    await stopTracing();
    const rest = received.slice(before);
    expect(rest.length).toBeGreaterThan(0);
    expect(rest.reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(MOST_WAITING);
    expect(Math.max(...received)).toBeLessThanOrEqual(BATCH);
    expect(told).toHaveLength(1);
  });
}

it('an endpoint that is away holds up no work, is told once, and no end of a process', async () => {
  server.close();
  await once(server, 'close');
  await workThrough();
  await works(5_000);
  await stopTracing();
  expect(told).toHaveLength(1);
});
