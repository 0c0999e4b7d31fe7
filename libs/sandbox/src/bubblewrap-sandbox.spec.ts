import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { isGone, processTree } from './process-tree.js';
import { openSandbox } from './open-sandbox.js';
import type { Sandbox } from './sandbox.js';

const TEST_TIMEOUT_MS = 30_000;
const isRoot = process.getuid?.() === 0;

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await delay(10);
}

describe('a run in the sandbox', () => {
  let folder: string;
  let cwd: string;
  let sandbox: Sandbox;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'cascade-run-'));
    chmodSync(folder, 0o755);
    sandbox = await openSandbox();
  }, TEST_TIMEOUT_MS);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  beforeEach(() => {
    cwd = mkdtempSync(join(folder, 'workspace-'));
    writeFileSync(join(cwd, 'a.txt'), 'a');
  });

  it('ends when its caller no longer wants it', async () => {
    const controller = new AbortController();
    const running = sandbox.run(['sh', '-c', 'echo up > up; exec sleep 717171'], { cwd, timeoutMs: 120_000, signal: controller.signal });
    await until(() => existsSync(join(cwd, 'up')));
    controller.abort();
    expect(await running).toMatchObject({ killedBy: 'abort', exitCode: null, signal: 'SIGKILL' });
  }, TEST_TIMEOUT_MS);

  it('does not begin when its caller has given up already', async () => {
    await expect(sandbox.run(['touch', 'ran'], { cwd, timeoutMs: 120_000, signal: AbortSignal.abort(new Error('gave up')) })).rejects.toThrow('gave up');
    expect(existsSync(join(cwd, 'ran'))).toBe(false);
  });

  it('mounts folders where it is told, and leaves no mount point behind', async () => {
    const tools = join(folder, 'tools');
    const out = join(folder, 'out');
    for (const path of [tools, out]) mkdirSync(path);
    writeFileSync(join(tools, 'tool.txt'), 'tool');
    const result = await sandbox.run(['sh', '-c', 'cat node_modules/tool.txt; echo x > node_modules/tool.txt; echo y > /opt/out/y'], {
      cwd, timeoutMs: 120_000, readOnly: [{ from: tools, to: '/workspace/node_modules' }], writable: [{ from: out, to: '/opt/out' }],
    });
    expect(result.stdout).toBe('tool');
    expect(readFileSync(join(tools, 'tool.txt'), 'utf8')).toBe('tool');
    expect(readFileSync(join(out, 'y'), 'utf8')).toBe('y\n');
    expect(readdirSync(cwd)).toEqual(['a.txt']);
  });

  it.each([
    ['an empty command', [], {}],
    ['a mount of nothing', ['true'], { readOnly: [{ from: '/nowhere/at/all', to: '/opt/none' }] }],
    ['no time', ['true'], { timeoutMs: 0 }],
    ['a folder that is not there', ['true'], { cwd: '/nowhere/at/all' }],
    ['a mount over the system', ['true'], { readOnly: [{ from: '/tmp', to: '/usr/lib' }] }],
    ['a mount over the root', ['true'], { readOnly: [{ from: '/tmp', to: '/' }] }],
    ['a mount by a detour', ['true'], { readOnly: [{ from: '/tmp', to: '/workspace/../etc' }] }],
    ['an argument that would end early', ['true', 'a\0b'], {}],
  ])('refuses %s', async (_what, argv, options) => {
    await expect(sandbox.run(argv, { cwd, timeoutMs: 1000, ...options })).rejects.toMatchObject({ kind: 'terminal', code: 'CASC_SANDBOX_OPTIONS' });
  });

  it('refuses a mount point that the repository made a link', async () => {
    symlinkSync('/etc', join(cwd, 'node_modules'));
    await expect(sandbox.run(['true'], { cwd, timeoutMs: 1000, readOnly: [{ from: folder, to: '/workspace/node_modules' }] }))
      .rejects.toMatchObject({ code: 'CASC_SANDBOX_OPTIONS', message: expect.stringContaining('node_modules') });
  });

  it('hides a .git folder as well as a .git file', async () => {
    mkdirSync(join(cwd, '.git'));
    writeFileSync(join(cwd, '.git/config'), 'secret');
    const result = await sandbox.run(['sh', '-c', 'ls -A .git; echo x > .git/config'], { cwd, timeoutMs: 120_000 });
    expect(result.stdout).toBe('');
    expect(readFileSync(join(cwd, '.git/config'), 'utf8')).toBe('secret');
  });

  it('runs more commands than it has slots, each with the whole process budget', async () => {
    const results = await Promise.all(Array.from({ length: 18 }, () => sandbox.run(['sh', '-c', 'for i in 1 2 3 4 5; do sleep 0 & done; wait; echo ok'], { cwd: mkdtempSync(join(folder, 'many-')), timeoutMs: 120_000, maxProcesses: 16 })));
    expect(results.map(({ stdout }) => stdout)).toEqual(Array.from({ length: 18 }, () => 'ok\n'));
  }, TEST_TIMEOUT_MS);

  it('says that it could not start instead of blaming the command', async () => {
    // A mount point can't be made below a file, which bubblewrap finds out only after its namespaces exist.
    await expect(sandbox.run(['true'], { cwd, timeoutMs: 120_000, readOnly: [{ from: join(cwd, 'a.txt'), to: '/opt/file' }, { from: folder, to: '/opt/file/below' }] }))
      .rejects.toMatchObject({ kind: 'retryable', code: 'CASC_SANDBOX_START_FAILED', message: expect.stringContaining('bwrap') });
  });

  it('names a program that is not there, which no second try would find', async () => {
    await expect(sandbox.run(['no-such-program', '--version'], { cwd, timeoutMs: 120_000 }))
      .rejects.toMatchObject({ kind: 'terminal', code: 'CASC_SANDBOX_PROGRAM_MISSING', message: 'The sandbox has no program "no-such-program".' });
  });

  it('gives a folder to the sandbox\'s user when there is another one, links themselves and not their targets', async () => {
    const target = join(folder, 'target.txt');
    writeFileSync(target, 'of the host', { mode: 0o600 });
    symlinkSync(target, join(cwd, 'link'));
    await sandbox.prepareFolder(cwd);
    const { uid } = statSync(join(cwd, 'a.txt'));
    expect(isRoot ? uid > 20_000 : uid === process.getuid!()).toBe(true);
    expect(statSync(target).uid).toBe(process.getuid!());
  });

  it('names the private folder that keeps the sandbox\'s user out', async () => {
    const closed = join(folder, 'closed');
    mkdirSync(join(closed, 'workspace'), { recursive: true });
    chmodSync(closed, 0o700);
    const running = sandbox.run(['true'], { cwd: join(closed, 'workspace'), timeoutMs: 120_000 });
    // Our own user may walk through its own private folders; only another one has to be told.
    if (!isRoot) return expect(await running).toMatchObject({ exitCode: 0 });
    await expect(running).rejects.toMatchObject({ kind: 'terminal', code: 'CASC_SANDBOX_FOLDER', message: expect.stringContaining(`${closed} is private`) });
  });

  it('leaves nothing behind when Cascade itself is killed', async () => {
    const script = `
      const { openSandbox } = await import(${JSON.stringify(new URL('./open-sandbox.ts', import.meta.url).href)});
      const sandbox = await openSandbox();
      await sandbox.run(['sh', '-c', '(setsid sleep 818181 &); echo up > up; exec sleep 818181'], { cwd: ${JSON.stringify(cwd)}, timeoutMs: 600000 });`;
    const hook = `import { registerHooks } from 'node:module'; registerHooks({ resolve: (s, c, n) => { try { return n(s, c); } catch (e) { return n(s.replace(/\\.js$/, '.ts'), c); } } });`;
    const parent = spawn(process.execPath, ['--no-warnings', '--conditions=@cascade/source', '--experimental-transform-types', '--import', `data:text/javascript,${encodeURIComponent(hook)}`, '--input-type=module', '-e', script], { stdio: ['ignore', 'ignore', 'inherit'] });
    await until(() => existsSync(join(cwd, 'up')) || parent.exitCode !== null);
    const tree = processTree(parent.pid!);
    expect(tree.length).toBeGreaterThan(4);
    parent.kill('SIGKILL');
    await once(parent, 'exit');
    await until(() => tree.every(isGone));
    expect(tree.filter((pid) => !isGone(pid))).toEqual([]);
  }, TEST_TIMEOUT_MS);
});
