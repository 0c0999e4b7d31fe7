import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const secret = 'TOP-SECRET-OF-THE-HOST';

/** A host with things worth stealing: a secret file, servers that talk, a process worth killing, a git folder. */
export class EscapeHost {
  readonly folder = mkdtempSync(join(tmpdir(), 'cascade-escape-'));
  readonly workspace = join(this.folder, 'workspace');
  readonly secretFile = join(this.folder, 'secret.txt');
  readonly socketFile = join(this.folder, 'server.sock');
  readonly abstractName = `cascade-escape-${process.pid}`;
  readonly gitFile = `gitdir: ${this.folder}/repository/.git/worktrees/workspace\n`;
  private readonly servers: Server[] = [];
  private victim: ChildProcess | undefined;
  port = 0;

  async start(): Promise<void> {
    chmodSync(this.folder, 0o755);
    writeFileSync(this.secretFile, secret, { mode: 0o644 });
    process.env.CASCADE_TEST_API_KEY = secret;
    const tcp = await this.listen({ host: '127.0.0.1', port: 0 });
    const address = tcp.address();
    this.port = typeof address === 'object' && address !== null ? address.port : 0;
    await this.listen({ path: this.socketFile });
    chmodSync(this.socketFile, 0o777);
    await this.listen({ path: `\0${this.abstractName}` });
    this.victim = spawn('sleep', ['31337'], { stdio: 'ignore' });
    this.reset();
  }

  private async listen(where: { host?: string; port?: number; path?: string }): Promise<Server> {
    const server = createServer((socket) => socket.on('error', () => undefined).end(secret)).listen(where);
    await once(server, 'listening');
    this.servers.push(server);
    return server;
  }

  /** A fresh workspace that looks like a git worktree. */
  reset(): void {
    this.uncover();
    rmSync(this.workspace, { recursive: true, force: true });
    mkdirSync(this.workspace);
    writeFileSync(join(this.workspace, '.git'), this.gitFile);
    writeFileSync(join(this.workspace, 'README.md'), 'a workspace\n');
  }

  /** Makes what an attempt has hidden removable again. */
  private uncover(): void {
    spawnSync('chmod', ['-R', 'u+rwx', this.workspace]);
  }

  get victimPid(): number {
    return this.victim?.pid ?? 0;
  }

  get victimLives(): boolean {
    return this.victim?.exitCode === null && this.victim.signalCode === null;
  }

  /** Whether any process of the host has a word in its command line. */
  hasProcess(word: string): boolean {
    return readdirSync('/proc').some((entry) => {
      try {
        return /^\d+$/.test(entry) && Number(entry) !== process.pid && readFileSync(`/proc/${entry}/cmdline`, 'utf8').includes(word);
      } catch {
        return false;
      }
    });
  }

  stop(): void {
    this.victim?.kill('SIGKILL');
    for (const server of this.servers) server.close();
    delete process.env.CASCADE_TEST_API_KEY;
    this.uncover();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
