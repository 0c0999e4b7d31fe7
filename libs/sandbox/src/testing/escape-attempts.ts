import { existsSync, lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SandboxResult, SandboxRunOptions } from '../sandbox.js';
import { secret, type EscapeHost } from './escape-host.js';
import { folderUsage } from '../folder-usage.js';

export interface Attempt {
  readonly name: string;
  readonly argv: (host: EscapeHost) => string[];
  readonly options?: Partial<SandboxRunOptions>;
  /** What went wrong, or nothing when the sandbox held. */
  readonly escaped: (result: SandboxResult, host: EscapeHost) => string | undefined | Promise<string | undefined>;
}

export const attemptLimits = { timeoutMs: 120_000, memoryBytes: 256 * 2 ** 20, maxOutputBytes: 2 ** 18, maxFileBytes: 16 * 2 ** 20, maxDiskBytes: 48 * 2 ** 20, maxProcesses: 64 };
const MiB = 2 ** 20;
/** What the disk watchdog may let pass between two looks. */
const DISK_OVERSHOOT = 700 * MiB;

const shell = (script: string | ((host: EscapeHost) => string)) => (host: EscapeHost): string[] => ['sh', '-c', typeof script === 'string' ? script : script(host)];
const python = (script: string | ((host: EscapeHost) => string)) => (host: EscapeHost): string[] => ['python3', '-c', typeof script === 'string' ? script : script(host)];
const node = (script: string) => (): string[] => ['node', '-e', script];
const unless = (bad: boolean, what: string): string | undefined => (bad ? what : undefined);
const prints = (pattern: RegExp) => (result: SandboxResult): string | undefined => unless(pattern.test(result.stdout + result.stderr), `${pattern} in the output`);

const connect = (family: string, address: string): string => `
import socket
try:
    s = socket.socket(${family}); s.settimeout(5); s.connect(${address}); print('GOT', s.recv(99))
except Exception as e: print(repr(e))`;

const reading: Attempt[] = [
  { name: '/etc/shadow', argv: shell('cat /etc/shadow'), escaped: prints(/root:[*!$]/) },
  { name: 'the environment of any process inside', argv: shell('env; cat /proc/self/environ /proc/1/environ /proc/2/environ | tr "\\0" "\\n"'), escaped: prints(new RegExp(secret)) },
  { name: 'a file of the host', argv: shell((host) => `cat ${host.secretFile} /root/.bashrc /home/*/.bashrc`), escaped: (result) => unless(result.stdout !== '', 'it was read') },
  { name: 'a file of the host through a link', argv: shell((host) => `ln -s ${host.secretFile} leak; ln -s /etc/shadow leak2; cat leak leak2; ln /usr/bin/true hard && echo LINKED`), escaped: prints(new RegExp(`${secret}|root:[*!$]|LINKED`)) },
  { name: 'kernel memory, /sys and mounts', argv: shell('head -c 4 /proc/kcore; ls /sys; dmesg | head -1; cat /proc/kmsg'), escaped: (result) => unless(result.stdout !== '', 'it was read') },
  { name: 'where the repository is on the host', argv: shell('cat .git; git rev-parse --git-dir'), escaped: (result, host) => unless(result.stdout.includes(host.folder), 'the path of the host') },
  { name: 'file descriptors that bubblewrap had', argv: node("console.log(require('fs').readdirSync('/proc/self/fd').filter((f) => { try { return Number(f) > 2 && /socket|cascade/.test(require('fs').readlinkSync('/proc/self/fd/' + f)); } catch { return false; } }).length === 0 ? 'clean' : 'INHERITED')"), escaped: prints(/INHERITED/) },
];

const network: Attempt[] = [
  { name: 'a TCP server of the host', argv: python((host) => connect('socket.AF_INET', `('127.0.0.1', ${host.port})`)), escaped: prints(/GOT/) },
  { name: 'a unix socket of the host', argv: python((host) => connect('socket.AF_UNIX', `'${host.socketFile}'`)), escaped: prints(/GOT/) },
  { name: 'an abstract unix socket of the host', argv: python((host) => connect('socket.AF_UNIX', `'\\0${host.abstractName}'`)), escaped: prints(/GOT/) },
  { name: 'a socket to the hypervisor', argv: python("import socket\ntry:\n    socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM); print('GOT')\nexcept Exception as e: print(repr(e))"), escaped: prints(/GOT/) },
  { name: 'raw packets', argv: python("import socket\nfor f, t in ((17, 3), (2, 3)):\n    try:\n        socket.socket(f, t); print('GOT')\n    except Exception as e: print(repr(e))"), escaped: prints(/GOT/) },
  { name: 'the internet, by name and by number', argv: node("require('dns').lookup('example.org', (e) => console.log(e ? e.code : 'GOT')); require('net').connect(443, '1.1.1.1').on('error', (e) => console.log(e.code)).on('connect', () => { console.log('GOT'); process.exit(); })"), escaped: prints(/GOT/) },
];

const writing: Attempt[] = [
  {
    name: 'anywhere but its own folder',
    argv: shell((host) => `for f in /pwn /usr/pwn /etc/pwn ${host.folder}/pwn /home/pwn /dev/pwn /opt/cascade/pwn /opt/cascade/bin/node /proc/sys/kernel/core_pattern; do echo x > $f && echo WROTE $f; done; mount -o remount,rw / && echo REMOUNTED; mount -o remount,rw,bind /usr && echo REMOUNTED; touch /usr/pwn2 && echo WROTE2`),
    escaped: (result, host) => prints(/WROTE|REMOUNTED/)(result) ?? unless(existsSync('/usr/pwn') || existsSync('/usr/pwn2') || existsSync(join(host.folder, 'pwn')), 'a file on the host'),
  },
  {
    name: 'the .git file of the worktree', argv: shell('echo "gitdir: /workspace/evil" > .git && echo WROTE; rm -f .git && echo REMOVED; mv .git x && echo MOVED; chmod 777 .git && echo CHANGED'),
    escaped: (result, host) => prints(/WROTE|REMOVED|MOVED|CHANGED/)(result) ?? unless(readFileSync(join(host.workspace, '.git'), 'utf8') !== host.gitFile, 'the host sees another .git'),
  },
  { name: 'device files and system requests', argv: shell('mknod d b 254 0 && echo MADE; echo b > /proc/sysrq-trigger && echo SYSRQ; ls /dev; head -c 10 /dev/vda /dev/sda && echo READ'), escaped: prints(/MADE|SYSRQ|READ/) },
  { name: 'namespaces of its own', argv: shell('unshare -Urm sh -c "mount -t tmpfs x /mnt && echo NESTED"; unshare -Un true && echo NESTED'), escaped: prints(/NESTED/) },
  {
    name: 'the memory of other processes',
    argv: python("import ctypes, os, time\nl = ctypes.CDLL(None, use_errno=True)\np = os.fork()\nif p == 0:\n    time.sleep(5); os._exit(0)\nprint('ONE', l.ptrace(16, 1, 0, 0), 'CHILD', l.ptrace(16, p, 0, 0))\nos.kill(p, 9)"),
    escaped: prints(/ONE 0|CHILD 0/),
  },
  { name: 'capabilities', argv: shell('cat /proc/1/status /proc/self/status'), escaped: (result) => unless(!/CapEff:\s+0{16}/.test(result.stdout) || /CapEff:\s+(?!0{16})/.test(result.stdout) || !/Seccomp:\s+2/.test(result.stdout), 'some are left') },
];

const staying: Attempt[] = [
  {
    name: 'kill processes of the host', argv: shell((host) => `kill -9 $PPID; kill -9 1; kill -9 ${process.pid} ${host.victimPid}; kill -9 -1; echo end`),
    escaped: (_result, host) => unless(!host.victimLives, 'a process of the host died'),
  },
  {
    name: 'outlive its command as a daemon',
    argv: shell('(setsid sh -c "sleep 424242" >/dev/null 2>&1 &); python3 -c "import os,time\nif os.fork()==0:\n os.setsid()\n if os.fork()==0:\n  os.closerange(0,99); time.sleep(434343)\n os._exit(0)"; echo done'),
    escaped: (_result, host) => unless(host.hasProcess('424242') || host.hasProcess('434343'), 'a daemon lives on'),
  },
  {
    name: 'ignore signals until after its time', options: { timeoutMs: 1500 },
    argv: shell('trap "" TERM INT HUP; (trap "" TERM; setsid sleep 515151 &); while :; do sleep 1; done'),
    escaped: (result, host) => unless(result.killedBy !== 'timeout' || host.hasProcess('515151'), 'it was not ended'),
  },
  {
    name: 'fork without end', options: { timeoutMs: 8000 },
    argv: python("import os, time\nn = 0\nwhile True:\n    try:\n        if os.fork() == 0:\n            time.sleep(30); os._exit(0)\n        n += 1\n    except OSError as e:\n        print('forks', n, flush=True); break"),
    escaped: (result) => unless(result.killedBy !== 'processes' && result.killedBy !== 'memory' && Number(/forks (\d+)/.exec(result.stdout)?.[1] ?? Infinity) > 64, `it forked ${result.stdout.trim()}, ended by ${result.killedBy}`),
  },
  {
    name: 'fork bomb of a shell', options: { timeoutMs: 2000 }, argv: () => ['bash', '-c', ':(){ :|:& };:; exec sleep 616161'],
    escaped: (_result, host) => unless(host.hasProcess('616161'), 'it lives on'),
  },
];

const taking: Attempt[] = [
  { name: 'private memory', argv: node("const a = []; for (;;) { a.push(Buffer.alloc(16 << 20, 1)); if (a.length > 64) { console.log('GOT'); break; } }"), escaped: (result) => prints(/GOT/)(result) ?? unless(result.killedBy !== 'memory', `ended by ${result.killedBy}`) },
  { name: 'shared memory', argv: python("import mmap, time\na = []\nfor i in range(64):\n    m = mmap.mmap(-1, 16 << 20); m.write(b'x' * (16 << 20)); a.append(m)\nprint('GOT'); time.sleep(1)"), escaped: prints(/GOT/) },
  { name: 'memory files', argv: python("import os\na = []\nfor i in range(64):\n    f = os.memfd_create('x'); os.write(f, b'x' * (15 << 20)); a.append(f)\nprint('GOT')"), escaped: prints(/GOT/) },
  {
    name: 'temporary file systems', argv: shell('for d in /tmp /dev/shm / /run /dev /var; do for i in $(seq 1 12); do dd if=/dev/zero of=$d/f$i bs=1M count=15 2>/dev/null; done; du -sm $d/f* 2>/dev/null | awk "{s+=\\$1}END{print s}"; done'),
    escaped: (result) => unless(result.stdout.split('\n').reduce((sum, line) => sum + (Number(line) || 0), 0) > 2 * 128 + 4, `it holds ${result.stdout.trim()} MB`),
  },
  { name: 'endless stdout', argv: node("const s = 'x'.repeat(65536); for (;;) try { require('fs').writeSync(1, s); } catch (e) { if (e.code !== 'EAGAIN') throw e; }"), escaped: (result) => unless(result.stdout.length > 2 ** 18 || result.killedBy !== 'output', `kept ${result.stdout.length}, ended by ${result.killedBy}`) },
  { name: 'endless stderr', argv: shell('yes 1>&2'), escaped: (result) => unless(result.stderr.length > 2 ** 18 || result.killedBy !== 'output', `kept ${result.stderr.length}, ended by ${result.killedBy}`) },
  {
    name: 'one huge file', argv: shell('dd if=/dev/zero of=big bs=1M count=500 2>/dev/null; truncate -s 1T sparse; echo end'),
    escaped: (_result, host) => unless(['big', 'sparse'].some((name) => (lstatSync(join(host.workspace, name), { throwIfNoEntry: false })?.size ?? 0) > 16 * MiB), 'it is there'),
  },
  {
    name: 'many files', argv: shell('i=0; while :; do i=$((i+1)); dd if=/dev/zero of=f$i bs=1M count=15 2>/dev/null; done'),
    escaped: async (result, host) => unless(result.killedBy !== 'disk' || (await folderUsage([host.workspace], { bytes: Infinity, entries: Infinity })).bytes > DISK_OVERSHOOT, `ended by ${result.killedBy}`),
  },
  {
    name: 'files in a folder that hides them', argv: shell('mkdir d; cd d; chmod 300 .; i=0; while :; do i=$((i+1)); dd if=/dev/zero of=f$i bs=1M count=15 2>/dev/null; done'),
    escaped: (result) => unless(result.killedBy !== 'disk', `ended by ${result.killedBy}`),
  },
  { name: 'many empty files', options: { maxFiles: 500 }, argv: node("const fs = require('fs'); for (let i = 0; ; i++) fs.writeFileSync('e' + i, '');"), escaped: (result) => unless(result.killedBy !== 'files', `ended by ${result.killedBy}`) },
];

/** What model-written code must not be able to do, by family. */
export const attempts: Readonly<Record<string, readonly Attempt[]>> = {
  'read': reading, 'reach by network': network, 'write or change': writing, 'stay or interfere': staying, 'take without bound': taking,
};
