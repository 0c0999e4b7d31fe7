// `npm run bench -- github [--quick]`: how long GitHub waits for the answer to a delivery.
import { createHmac, randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { createRequire } from 'node:module';
import { Redis } from 'ioredis';
import { steadily } from './events.mjs';
import { median, percentile, rounded, table } from './figures.mjs';
import { machine } from './machine.mjs';
import { withServers } from './server.mjs';
import { Subject } from './subject.mjs';

const secret = 'bench';
const RATE = 200;
const contestants = { bare: 'bare node:http: read, answer 202', webhook: 'github-webhook: verify, parse, publish once, answer 202' };
const full = { rounds: 5, seconds: 10 };
const quick = { rounds: 1, seconds: 3 };

export async function bench({ isQuick, print, progress }) {
  const { rounds, seconds } = isQuick ? quick : full;
  const payload = createRequire(import.meta.url)('@octokit/webhooks-examples').find(({ name }) => name === 'issues').examples[0];
  const body = Buffer.from(JSON.stringify(payload));
  const headers = { 'content-type': 'application/json', 'content-length': body.length, 'x-github-event': 'issues', 'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}` };
  await withServers(async (url) => {
    const redis = new Redis(url);
    print(`${await machine(redis)}; ${RATE} deliveries a second, ${body.length} bytes each, nothing persisted\n`);
    const names = Object.keys(contestants);
    const subjects = Object.fromEntries(await Promise.all(names.map(async (name) => [name, await Subject.start('github.mjs', name, url, { secret })])));
    const runs = Object.fromEntries(names.map((name) => [name, []]));
    for (let round = 0; round <= rounds; round += 1) {
      for (const [index] of names.entries()) {
        const name = names[(index + round) % names.length];
        progress(`${contestants[name]}, round ${round} of ${rounds}`);
        await redis.flushall();
        const of = async (figure) => (await subjects[name].call(figure)).result;
        const before = await of('cpuUs');
        const run = await deliver(await of('port'), body, headers, round === 0 ? 2 : seconds);
        const cpu = (await of('cpuUs') - before) / run.ms.length;
        const published = await redis.xlen('stream:github.delivery_received');
        if (run.failed > 0 || (name === 'webhook' && published !== run.ms.length)) throw new Error(`${run.failed} deliveries failed, ${published} of ${run.ms.length} were published`);
        if (round > 0) runs[name].push({ p50: percentile(run.ms, 0.5), p99: percentile(run.ms, 0.99), most: Math.max(...run.ms), cpu });
      }
    }
    for (const subject of Object.values(subjects)) subject.stop();
    redis.disconnect();
    report(runs, print);
  });
}

/** Sends at a steady rate, whatever becomes of the answers, so that one slow answer delays no other delivery. */
async function deliver(port, body, headers, seconds) {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const answers = [];
  await steadily(RATE, seconds, () => answers.push(answered({ host: '127.0.0.1', port, path: '/webhooks/github', method: 'POST', agent, headers: { ...headers, 'x-github-delivery': randomUUID() } }, body)));
  const all = await Promise.all(answers);
  agent.destroy();
  return { ms: all.filter(({ status }) => status === 202).map(({ ms }) => ms), failed: all.filter(({ status }) => status !== 202).length };
}

function answered(options, body) {
  const begin = performance.now();
  return new Promise((resolve) => {
    const sent = request(options, (response) => {
      response.resume();
      response.on('end', () => resolve({ status: response.statusCode, ms: performance.now() - begin }));
    });
    sent.on('error', () => resolve({ status: 0, ms: NaN }));
    sent.end(body);
  });
}

function report(runs, print) {
  const of = (name, figure) => median(runs[name].map((run) => run[figure]));
  // Within a round, because the machine's other work changes between rounds.
  const ratio = (figure) => rounded(median(runs.webhook.map((run, round) => run[figure] / runs.bare[round][figure])), 2);
  print(table([
    ['ms until the 202', 'p50', 'p99', 'most', 'CPU µs'],
    ...Object.entries(contestants).map(([name, title]) => [title, ...['p50', 'p99', 'most'].map((figure) => of(name, figure).toFixed(2)), of(name, 'cpu').toFixed(0)]),
  ]));
  print(JSON.stringify({ bench: 'github', ratios: { p50_vs_bare: ratio('p50'), p99_vs_bare: ratio('p99'), cpu_vs_bare: ratio('cpu'), p50_ms: rounded(of('webhook', 'p50'), 2), p99_ms: rounded(of('webhook', 'p99'), 2) } }));
}
