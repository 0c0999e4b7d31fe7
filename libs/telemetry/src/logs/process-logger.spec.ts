import { execFileSync, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

const built = new URL('../../dist/index.js', import.meta.url).href;
const messages = new URL('../../../messages/dist/index.js', import.meta.url).href;

/** What a real process of this code writes. */
function say(code: string, env: Record<string, string> = {}): string {
  const program = `import { openProcessLogger, inScope } from ${JSON.stringify(built)}; import { terminal, knowSecretsOf } from ${JSON.stringify(messages)};
    knowSecretsOf(process.env); const logger = await openProcessLogger('git-worker', process.env); ${code}`;
  return execFileSync(process.execPath, ['--input-type=module', '--eval', program], { encoding: 'utf8', env: { PATH: process.env['PATH'], ...env }, cwd: fileURLToPath(new URL('../..', import.meta.url)) });
}
const linesOf = (text: string): Record<string, unknown>[] => text.trim().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);

describe('the log of a process', () => {
  it('has one line per record, which tells what the work under way belongs to', () => {
    const scope = { service: 'agent-30-execution', cascade: 'c-1', event: 'e-1', eventType: 'task.ready', traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' };
    const [line, outside, ...rest] = linesOf(say(`await inScope(${JSON.stringify(scope)}, async () => { await null; logger.warn('two\\nlines', { n: 1 }, 'Bench'); }); logger.log('is running', 'git-worker'); logger.log('chatter', 'InstanceLoader'); logger.debug('not told');`));
    expect(line).toEqual({
      level: 'warn', time: expect.stringMatching(/^\d{4}-.*Z$/), service: 'agent-30-execution', message: 'two\nlines', context: 'Bench', cascade: 'c-1', tier: 3, event: 'e-1', event_type: 'task.ready', correlation: 'c-1',
      trace_id: '0af7651916cd43dd8448eb211c80319c', span_id: 'b7ad6b7169203331', details: { n: 1 },
    });
    expect(outside).toEqual({ level: 'info', time: expect.any(String), service: 'git-worker', message: 'is running' });
    expect(rest).toEqual([]);
  });

  it('has errors with code and stack, however they are logged', () => {
    const lines = linesOf(say(`logger.error(terminal('CASC_X', 'first', { cause: new TypeError('deep') })); logger.error('CASC_DEFECT while handling a: b', new Error('b').stack, 'StreamsServer'); logger.warn('off', new RangeError('r'));`));
    expect(lines.map(({ error }) => error)).toMatchObject([
      { code: 'CASC_X', message: 'first', stack: expect.stringContaining('CascadeError: first\n'), cause: { message: 'deep' } },
      { code: 'CASC_DEFECT', stack: expect.stringContaining('Error: b\n') },
      { message: 'r', stack: expect.stringContaining('RangeError') },
    ]);
  });

  it('tells no secret, wherever it was put, and no more than a bound', () => {
    const env = { OPENAI_API_KEY: 'canary"of/the model', REDIS_URL: 'redis://:canary-of-redis@host' };
    const text = say(`
      const key = process.env.OPENAI_API_KEY, circle = { name: 'c' }; circle.self = circle;
      const nested = { [key]: key, list: [new Map([['k', key]]), new Set([key])], json: JSON.stringify({ key }), basic: 'Basic ' + Buffer.from('x:' + key).toString('base64'), circle, error: new Error(key, { cause: new Error(key) }), bytes: Buffer.from(key), get broken() { throw new Error(key); }, big: 7n };
      logger.warn(key + ' canary-of-redis', nested, key); logger.error(new Error(key)); logger.log('x'.repeat(5_000_000) + key); logger.log(Array.from({ length: 10_000 }, () => 'y'.repeat(10_000)));`, env);
    for (const secret of ['canary', Buffer.from('canary"of/the model').toString('base64').slice(4, 20)]) expect(text).not.toContain(secret);
    expect(text).toContain('[redacted]');
    for (const line of text.trim().split('\n')) expect(line.length).toBeLessThan(150_000);
    expect(linesOf(text)).toHaveLength(4);
  });

  it('is text for people where that is asked for, without control characters of others, and from a level on', () => {
    const text = say(`logger.log('not told'); logger.warn('see \\u001b[31mred\\nnext', 'git-worker');`, { CASCADE_LOG_FORMAT: 'text', CASCADE_LOG_LEVEL: 'warn' });
    expect(text).toMatch(/^\S+Z WARN  git-worker see  ?\[31mred next\n$/);
    const refused = spawnSync(process.execPath, ['--input-type=module', '--eval', `import { openProcessLogger } from ${JSON.stringify(built)}; await openProcessLogger('x', { CASCADE_LOG_LEVEL: 'loud' });`], { encoding: 'utf8' });
    expect(refused.stderr).toContain('CASCADE_LOG_LEVEL');
  });
});

it('loads no SDK of OpenTelemetry until an endpoint is named (the bare API belongs to prom-client)', () => {
  const program = `import { startTracing } from ${JSON.stringify(built)};
    const { createRequire } = await import('node:module'); await startTracing('x', () => undefined, process.env);
    const loaded = Object.keys(createRequire(import.meta.url).cache).filter((name) => /@opentelemetry\\/(?!api\\/)/.test(name)); console.log(loaded.length);`;
  const count = (env: Record<string, string>): number => Number(execFileSync(process.execPath, ['--input-type=module', '--eval', program], { encoding: 'utf8', env: { PATH: process.env['PATH'], ...env }, cwd: fileURLToPath(new URL('../..', import.meta.url)) }));
  expect(count({})).toBe(0);
  expect(count({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1', OTEL_SDK_DISABLED: 'true' })).toBe(0);
  expect(count({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' })).toBeGreaterThan(0);
});
