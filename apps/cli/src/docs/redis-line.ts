import net from 'node:net';

/** More than any answer of the documentation graph has. */
const MAX_BYTES = 16 * 1024 * 1024;

/** What Redis replies; a nil is null, an error an Error among the others. */
export type Reply = string | number | null | Error | readonly Reply[];

/** The line to Redis broke, or could not be had. */
export class LineError extends Error {}

/**
 * One question to Redis over a connection of its own: commands in, their replies out. The client library takes longer to
 * load than a question to be answered, and a command line that is typed often is felt. Only for plain `redis://` addresses.
 */
export function askLine(url: URL, commands: readonly (readonly string[])[], timeoutMs: number): Promise<readonly Reply[]> {
  const all = [...loginOf(url), ...commands];
  return new Promise((resolve, reject) => {
    const socket = net.connect({ host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port || 6379), noDelay: true });
    const chunks: Buffer[] = [];
    let bytes = 0;
    const end = (error?: LineError): void => {
      clearTimeout(timer);
      socket.destroy();
      if (error !== undefined) reject(error);
    };
    const timer = setTimeout(() => end(new LineError(`no answer within ${timeoutMs / 1000} s`)), timeoutMs);
    socket.on('error', (error) => end(new LineError(error.message)));
    socket.on('close', () => end(new LineError('the connection was closed')));
    socket.on('data', (chunk) => {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > MAX_BYTES) return end(new LineError(`more than ${MAX_BYTES} bytes`));
      const replies = repliesIn(Buffer.concat(chunks), all.length);
      if (replies === undefined) return;
      end();
      resolve(replies.slice(all.length - commands.length));
    });
    socket.write(all.map(encoded).join(''));
  });
}

function loginOf({ username, password, pathname }: URL): string[][] {
  const database = pathname.replace('/', '');
  return [
    ...password === '' ? [] : [['AUTH', ...username === '' ? [] : [decodeURIComponent(username)], decodeURIComponent(password)]],
    ...database === '' ? [] : [['SELECT', database]],
  ];
}

const encoded = (words: readonly string[]): string => `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`;

/** So many whole replies, or undefined while some are on their way. */
export function repliesIn(bytes: Buffer, count: number): readonly Reply[] | undefined {
  const replies: Reply[] = [];
  let at = 0;
  while (replies.length < count) {
    const next = replyAt(bytes, at);
    if (next === undefined) return undefined;
    replies.push(next.reply);
    at = next.end;
  }
  return replies;
}

function replyAt(bytes: Buffer, start: number): { readonly reply: Reply; readonly end: number } | undefined {
  const lineEnd = bytes.indexOf('\r\n', start);
  if (lineEnd < 0) return undefined;
  const [kind, text, end] = [bytes.toString('latin1', start, start + 1), bytes.toString('utf8', start + 1, lineEnd), lineEnd + 2];
  if (kind === '+') return { reply: text, end };
  if (kind === '-') return { reply: new LineError(text), end };
  if (kind === ':') return { reply: Number(text), end };
  const length = Number(text);
  if (length < 0) return { reply: null, end };
  if (kind === '*') return listAt(bytes, end, length);
  return bytes.length < end + length + 2 ? undefined : { reply: bytes.toString('utf8', end, end + length), end: end + length + 2 };
}

function listAt(bytes: Buffer, start: number, length: number): ReturnType<typeof replyAt> {
  const reply: Reply[] = [];
  let end = start;
  while (reply.length < length) {
    const next = replyAt(bytes, end);
    if (next === undefined) return undefined;
    reply.push(next.reply);
    end = next.end;
  }
  return { reply, end };
}
