import net from 'node:net';
import tls from 'node:tls';
import { retryable } from '@cascade/contracts';

const TIMEOUT_MS = 3_000;
/** INFO of a big server is about 10 kB. */
const MAX_REPLY_BYTES = 256 * 1024;

/**
 * Asks a Redis server a few questions and hangs up: enough of its protocol for set-up, so that this package needs no
 * client. Gives one reply per command (simple strings, errors, integers and bulk strings as text).
 * Throws `CASC_REDIS_UNREACHABLE` (retryable) when there is no server, or an error reply comes.
 */
export async function askRedis(url: string, commands: readonly (readonly string[])[]): Promise<string[]> {
  const { host, all, secure, port } = plan(url, commands);
  return new Promise((resolve, reject) => {
    const socket = secure ? tls.connect({ host, port, servername: host }) : net.connect({ host, port });
    let received = Buffer.alloc(0);
    const end = (finish: () => void): void => { socket.destroy(); finish(); };
    const fail = (why: string): void => end(() => reject(retryable('CASC_REDIS_UNREACHABLE', `The Redis server at ${host}:${port} ${why}.`)));
    socket.setTimeout(TIMEOUT_MS, () => fail(`did not answer within ${TIMEOUT_MS / 1000} s`));
    socket.on('error', (error) => fail(`cannot be reached (${error.message})`));
    socket.on('close', () => fail('closed the connection'));
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      if (received.length > MAX_REPLY_BYTES) return fail('sent more than a Redis server would');
      const replies = parseReplies(received, all.length);
      const refusal = replies.find((reply) => reply.startsWith('-'));
      if (refusal !== undefined) return fail(`refused: ${refusal.slice(1)}`);
      if (replies.length === all.length) end(() => resolve(replies.slice(all.length - commands.length)));
    });
    socket.write(all.map(encode).join(''));
  });
}

function plan(url: string, commands: readonly (readonly string[])[]): { host: string; port: number; secure: boolean; all: (readonly string[])[] } {
  const { hostname, port, protocol, username, password } = new URL(url);
  const auth = password === '' ? [] : [['AUTH', ...(username === '' ? [] : [decodeURIComponent(username)]), decodeURIComponent(password)]];
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 6379), secure: protocol === 'rediss:', all: [...auth, ...commands] };
}

const encode = (command: readonly string[]): string =>
  `*${command.length}\r\n${command.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`;

/** The complete replies at the start of `bytes`; errors keep their `-`, a nil bulk is ''. */
function parseReplies(bytes: Buffer, wanted: number): string[] {
  const replies: string[] = [];
  for (let at = 0; replies.length < wanted;) {
    const lineEnd = bytes.indexOf('\r\n', at);
    if (lineEnd < 0) break;
    const line = bytes.toString('utf8', at, lineEnd);
    at = lineEnd + 2;
    if (!line.startsWith('$')) {
      replies.push(line.startsWith('-') ? line : line.slice(1));
      continue;
    }
    const length = Number(line.slice(1));
    if (length < 0) { replies.push(''); continue; }
    if (bytes.length < at + length + 2) break;
    replies.push(bytes.toString('utf8', at, at + length));
    at += length + 2;
  }
  return replies;
}
