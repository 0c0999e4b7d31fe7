import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { githubDeliveryReceived, redisKeys, Secret } from '@cascade/contracts';
import { signatureOf } from '@cascade/github';
import { readHostConfig } from '@cascade/service-host';
import { failOnLeaks, removeTemporaryFolders, SeededRandom, startTestRedis, temporaryFolder, type TestRedis } from '@cascade/testing';
import { webhookMetrics } from '@cascade/telemetry';
import { Redis } from 'ioredis';
import { Ingestion } from './ingestion.js';
import { statusesOf } from './testing/raw-http.js';
import { issueOpened, Sender } from './testing/sender.js';

failOnLeaks();

/** Of the bodies; the same every time unless given. */
const seed = Number(process.env['CASCADE_SEED'] ?? 20_261_127);
const BODIES = 10_000;
const CONNECTIONS = 8;
/** Requests that are under way on one connection. */
const AT_ONCE = 50;
const secret = 'malformed';

type Faulty = { readonly body: Buffer; readonly event?: string; readonly delivery?: string };
const whole = JSON.stringify(issueOpened);
const junk: readonly unknown[] = [null, true, -1, 1.5, '', 'x', [], {}, [[]], { a: 1 }, '\u0000', '__proto__', 1e300];
/** Each value of an issues delivery that has to be there, by its path, and what it is: none of these may be put in its place. */
const needed: readonly (readonly [path: readonly string[], fits: (value: unknown) => boolean])[] = [
  [['action'], (value) => value === 'x'], [['issue'], () => false], [['issue', 'number'], () => false], [['repository'], () => false],
  [['repository', 'full_name'], () => false], [['repository', 'url'], () => false], [['sender'], () => false], [['sender', 'login'], (value) => typeof value === 'string' && value !== ''],
];

/** Ways to spoil a delivery, each of which makes something that is certainly none. */
const faults: readonly ((random: SeededRandom) => Faulty)[] = [
  (random) => ({ body: Buffer.from(whole).subarray(0, random.below(Buffer.byteLength(whole))) }),
  (random) => { const at = random.below(whole.length); return { body: Buffer.concat([Buffer.from(whole.slice(0, at)), Buffer.from([0x80 + random.below(0x40), 0xff]), Buffer.from(whole.slice(at))]) }; },
  (random) => ({ body: Buffer.from(Array.from({ length: random.below(300) }, () => random.below(256)).filter((byte, at) => at > 0 || byte !== 0x7b)) }),
  (random) => ({ body: Buffer.from(JSON.stringify(random.pick([null, 1, 'text', true, [issueOpened], [[]], whole]))) }),
  (random) => { const depth = 65 + random.below(2_000); return { body: Buffer.from(`{"a":${'[{"a":'.repeat(depth)}1${'}]'.repeat(depth)}}`) }; },
  (random) => ({ body: spoilt(random) }),
  (random) => ({ body: Buffer.from(whole), event: random.pick(['Issues', 'issues x', 'issues;x', '../issues', 'issues,issues', 'x'.repeat(101), 'push', 'pull_request', 'sub_issues', 'issue_comment']) }),
  (random) => ({ body: Buffer.from(whole), delivery: random.pick(['a b', 'a:b', '../x', 'x'.repeat(65), '{a}', 'a\u00e4'.normalize(), '*', 'stream:x']) }),
  (random) => ({ body: Buffer.from(`${whole}${random.pick(['x', '}', whole, '\u0000', ',{}'])}`) }),
  (random) => ({ body: Buffer.from(`${random.pick(['\ufeff', 'payload=', '\u0000', '(', 'for(;;);'])}${whole}`) }),
];

function spoilt(random: SeededRandom): Buffer {
  const copy = structuredClone(issueOpened) as Record<string, unknown>;
  const [path, fits] = random.pick(needed);
  const parent = path.slice(0, -1).reduce((value, name) => value[name] as Record<string, unknown>, copy);
  const unfit = junk.filter((value) => !fits(value));
  if (random.chance(0.3) && path[0] !== 'sender') delete parent[path.at(-1)!];
  else parent[path.at(-1)!] = random.pick(unfit);
  return Buffer.from(JSON.stringify(copy));
}

/** One request, and the status that it has to get. */
function requestOf(random: SeededRandom, index: number): { readonly bytes: Buffer; readonly status: number } {
  const { body, event = 'issues', delivery = `d-${index}` } = random.pick(faults)(random);
  const good = signatureOf(body, new Secret(secret));
  const signature = random.chance(0.8) ? good : random.pick(['', 'sha256=', good.toUpperCase(), signatureOf(body, new Secret('other')), `sha256=${'0'.repeat(64)}`]);
  const head = `POST /webhooks/github HTTP/1.1\r\nhost: x\r\nx-github-event: ${event}\r\nx-github-delivery: ${delivery}\r\nx-hub-signature-256: ${signature}\r\ncontent-length: ${body.length}\r\n\r\n`;
  return { bytes: Buffer.concat([Buffer.from(head), body]), status: signature === good ? 400 : 401 };
}

/** Sends requests on one connection, some at once, and gives the statuses of their answers. */
async function sendAll(port: number, requests: readonly { readonly bytes: Buffer }[]): Promise<number[]> {
  const socket = connect(port, '127.0.0.1').setNoDelay(true).setEncoding('latin1');
  await once(socket, 'connect');
  const incoming = socket[Symbol.asyncIterator]() as AsyncIterator<string, undefined>;
  const statuses: number[] = [];
  for (let from = 0; from < requests.length; from += AT_ONCE) {
    const batch = requests.slice(from, from + AT_ONCE);
    socket.write(Buffer.concat(batch.map(({ bytes }) => bytes)));
    let answers = '';
    while (statusesOf(answers).length < batch.length || !answers.endsWith('\n')) {
      const { value, done } = await incoming.next();
      if (done === true) return [...statuses, ...statusesOf(answers)]; // it was cut
      answers += value;
    }
    statuses.push(...statusesOf(answers));
  }
  socket.destroy();
  return statuses;
}

describe('malformed deliveries', () => {
  let server: TestRedis;
  let ingestion: Ingestion;

  beforeAll(async () => {
    server = await startTestRedis();
    const env = { REDIS_URL: server.url, CASCADE_HOME: temporaryFolder('webhook'), CASCADE_GITHUB_WEBHOOK_SECRETS: secret, CASCADE_WEBHOOK_PORT: '0' };
    ingestion = await Ingestion.open(readHostConfig(env), env);
  });
  afterAll(async () => {
    await ingestion.close();
    await server.stop();
    removeTemporaryFolders();
  });

  it(`are refused, ${BODIES} of them, and leave nothing behind (seed ${seed})`, async () => {
    const redis = new Redis(server.url);
    const sender = new Sender(ingestion.port, secret);
    while ((await sender.get('/readyz')).status !== 200) await redis.ping();
    const random = new SeededRandom(seed);
    const requests = Array.from({ length: BODIES }, (_, index) => requestOf(random, index));
    const share = BODIES / CONNECTIONS;
    const statuses = (await Promise.all(Array.from({ length: CONNECTIONS }, (_, connection) => sendAll(ingestion.port, requests.slice(connection * share, (connection + 1) * share))))).flat();
    const wrong = requests.map(({ bytes, status }, index) => ({ expected: status, got: statuses[index], request: bytes.toString().slice(0, 700) })).filter(({ expected, got }) => expected !== got);
    expect(wrong.slice(0, 3)).toEqual([]);
    expect(await redis.dbsize()).toBe(0);
    expect((await sender.deliver(issueOpened)).status).toBe(202); // it goes on
    expect(await redis.xlen(redisKeys.stream(githubDeliveryReceived.type))).toBe(1);
    const counted = (['malformed', 'unsigned', 'forged', 'failed', 'aborted'] as const).map((outcome) => webhookMetrics.requests.at({ outcome }).value);
    const forged = statuses.filter((status) => status === 401).length;
    expect([counted[0], counted[1]! + counted[2]!, counted[3], counted[4]]).toEqual([BODIES - forged, forged, 0, 0]);
    sender.close();
    redis.disconnect();
  });
});
