import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';

/** What comes back for these bytes until the other side closes; with `isLast` this side has said all that it will say. */
export async function rawExchange(port: number, bytes: string | Buffer, isLast = false): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  if (isLast) socket.end(bytes);
  else socket.write(bytes);
  return text(socket).catch(() => '');
}

/** The statuses in what came back. */
export const statusesOf = (answers: string): number[] => [...answers.matchAll(/^HTTP\/1\.1 (\d{3})/gm)].map(([, status]) => Number(status));
