import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { untilTrue } from '@cascade/testing';
import { runProcess, type ProcessResult } from './process-group.js';

const sh = (script: string, options: { timeoutMs?: number; maxOutputBytes?: number; signal?: AbortSignal } = {}): Promise<ProcessResult> =>
  runProcess({ command: '/bin/sh', args: ['-c', script], cwd: '/', env: { PATH: '/usr/bin:/bin' }, timeoutMs: 120_000, maxOutputBytes: 1_000, ...options });

/** A zombie is dead: whoever adopted it has not looked yet. */
const isAlive = (pid: number): boolean => {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
};

describe('runProcess', () => {
  it('gives output and exit code, and passes the input', async () => {
    const result = await runProcess({ command: '/bin/sh', args: ['-c', 'cat; echo no >&2; exit 3'], cwd: '/', env: {}, input: 'in', timeoutMs: 120_000, maxOutputBytes: 100 });
    expect(result).toEqual({ end: 'exited', code: 3, stdout: Buffer.from('in'), stderr: 'no\n' });
  });

  it('has no environment but the given one', async () => {
    expect((await sh('env')).stdout.toString()).not.toContain('HOME=');
  });

  it('ends the whole group at the time limit, grandchildren too', async () => {
    const result = await sh('sleep 1000 & echo $!; wait', { timeoutMs: 3_000 });
    expect(result).toMatchObject({ end: 'timed-out', code: -1 });
    const grandchild = Number(result.stdout.toString());
    expect(grandchild).toBeGreaterThan(1);
    await untilTrue(() => !isAlive(grandchild), 'the grandchild to be gone'); // killed already: the kernel takes a moment to say so
  });

  it('ends what prints too much', async () => {
    const result = await sh('while :; do echo xxxxxxxxxxxxxxxx; done');
    expect(result.end).toBe('too-much-output');
    expect(result.stdout.length).toBeLessThanOrEqual(1_000);
  });

  it('ends on abort, also before it starts', async () => {
    expect((await sh('sleep 1000', { signal: AbortSignal.timeout(200) })).end).toBe('aborted');
    expect((await sh('echo x', { signal: AbortSignal.abort() })).end).toBe('aborted');
  });

  it('says when there is no such program', async () => {
    expect((await runProcess({ command: '/no/such', args: [], cwd: '/', env: {}, timeoutMs: 1_000, maxOutputBytes: 1 })).end).toBe('not-started');
  });

  it('gives way to a program that ignores SIGTERM only until it is killed', async () => {
    expect((await sh('trap "" TERM; while :; do sleep 0.05; done', { timeoutMs: 200 })).end).toBe('timed-out');
  });
});
