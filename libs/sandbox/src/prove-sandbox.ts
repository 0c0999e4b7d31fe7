import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync, chmodSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unavailable } from './host-tools.js';
import { nodeMount } from './limits.js';
import type { Sandbox } from './sandbox.js';

const PROOF_TIMEOUT_MS = 30_000;

/**
 * Runs inside. Prints one word for each thing that it could do: `work` (writing its own folder) must be there, the others
 * must not. They are things that do work outside, at this moment, so a refusal means something.
 */
const program = `
const fs = require('node:fs'), net = require('node:net');
const attempt = (word, action) => { try { action(); console.log(word); } catch {} };
attempt('work', () => fs.writeFileSync('proof', 'x'));
attempt('file', () => fs.readFileSync(process.argv[1]));
attempt('system', () => fs.writeFileSync('/usr/cascade-proof', 'x'));
const socket = net.connect({ host: '127.0.0.1', port: Number(process.argv[2]) });
socket.on('connect', () => { console.log('network'); socket.destroy(); });
socket.on('error', () => {});
`;

/** Throws CASC_SANDBOX_UNAVAILABLE (terminal) unless exactly what should work works. */
export async function proveSandbox(sandbox: Sandbox): Promise<void> {
  const top = mkdtempSync(join(tmpdir(), 'cascade-proof-'));
  const cwd = mkdtempSync(join(top, 'workspace-'));
  const canary = join(top, 'canary');
  writeFileSync(canary, randomBytes(16));
  chmodSync(top, 0o755);
  chmodSync(canary, 0o644);
  const server = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
  try {
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const result = await sandbox.run([nodeMount, '-e', program, canary, String(port)], { cwd, timeoutMs: PROOF_TIMEOUT_MS });
    const words = result.stdout.trim().split('\n');
    if (result.exitCode !== 0 || !words.includes('work')) {
      throw unavailable(`a harmless program failed inside it (exit ${result.exitCode}, ${result.killedBy ?? 'not killed'}): ${result.stderr.slice(0, 300).trim()}`, 'Look at the message of bubblewrap above.');
    }
    const escaped = words.filter((word) => word !== 'work');
    if (escaped.length > 0) throw unavailable(`it does not hold: ${escaped.join(', ')} could be reached from inside`, 'Report this; do not run Cascade on this machine.');
  } finally {
    server.close();
    rmSync(top, { recursive: true, force: true });
  }
}
