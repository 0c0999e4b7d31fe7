import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const here = path.dirname(fileURLToPath(import.meta.url));
const INSTALL_TIMEOUT_MS = 90_000;

/**
 * Hops per second of one Celery worker with two processes, or why there is no such figure. Celery comes from the
 * machine's own Python or, when pip can install it, into a temporary folder.
 */
export async function measureCelery(redis, url, count) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'cascade-bench-'));
  try {
    const python = await findPython(folder);
    return await measure(python, redis, url, count);
  } catch (error) {
    return { skipped: String(error.message).split('\n')[0].slice(0, 120) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function findPython(folder) {
  const has = (python) => run(python, ['-c', 'import celery, redis'], { timeout: 20_000 }).then(() => true, () => false);
  if (await has('python3')) return 'python3';
  const python = path.join(folder, 'venv/bin/python');
  await run('python3', ['-m', 'venv', path.join(folder, 'venv')], { timeout: INSTALL_TIMEOUT_MS });
  await run(python, ['-m', 'pip', 'install', '--quiet', 'celery[redis]==5.5.3'], { timeout: INSTALL_TIMEOUT_MS });
  if (!existsSync(python) || !await has(python)) throw new Error('no Python with Celery');
  return python;
}

/** The clock runs from the first twentieth of the hops to the last hop: Python's start is not counted. */
async function measure(python, redis, url, count) {
  const options = { cwd: here, env: { ...process.env, BENCH_REDIS: url, PYTHONDONTWRITEBYTECODE: '1' } };
  await run(python, ['celery_app.py', 'publish', String(count)], options);
  const worker = spawn(python, ['-m', 'celery', '-A', 'celery_app', 'worker', '--queues', 'idle', '--concurrency', '2', '--loglevel', 'warning'], { ...options, stdio: 'ignore', detached: true });
  const ended = new Promise((resolve) => { worker.on('exit', resolve).on('error', resolve); });
  try {
    let consuming;
    const until = async (done) => {
      for (const end = Date.now() + 60_000; await redis.llen('done') < done;) {
        if (Date.now() > end) throw new Error('Celery did not finish within a minute');
        if (await redis.llen('done') === 0 && consuming === undefined) consuming = run(python, ['celery_app.py', 'consume'], options).finally(() => { consuming = undefined; });
        await new Promise((resolve) => { setTimeout(resolve, 10); });
      }
      return performance.now();
    };
    const first = Math.ceil(count / 20);
    const seconds = (-(await until(first)) + await until(count)) / 1000;
    return { hopsPerSecond: (count - first) / seconds };
  } finally {
    if (worker.pid !== undefined) process.kill(-worker.pid, 'SIGKILL'); // it has two processes of its own
    await ended;
  }
}
