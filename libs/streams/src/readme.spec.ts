import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { startTestRedis } from '@cascade/testing';
import { Redis } from 'ioredis';
import { entriesOf } from './testing/test-service.js';

const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

describe('README.md', () => {
  it('shows an example that runs', async () => {
    expect(readFileSync(path('../README.md'), 'utf8')).toContain(readFileSync(path('testing/readme-example.ts'), 'utf8'));
    const server = await startTestRedis();
    const redis = new Redis(server.url);
    const example = spawn(process.execPath, ['--conditions=@cascade/source', '--no-warnings', '--import', path('testing/typescript-loader.mjs'), path('testing/readme-example.ts')], {
      stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, REDIS_URL: server.url },
    });
    const gone = once(example, 'exit');
    const [packed] = await entriesOf(redis, 'stream:order.packed', 1);
    expect(packed).toMatchObject({ type: 'order.packed', source: 'urn:cascade:warehouse', data: '{"item":"lamp","box":7}' });
    example.kill('SIGKILL');
    await gone;
    redis.disconnect();
    await server.stop();
  });
});
