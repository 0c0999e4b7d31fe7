import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Larger bodies are refused; GitHub's own bound is in the same range. */
const MAX_BODY_BYTES = 25 * 1024 * 1024;

export type Respond = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** Listens on this machine only. A request that fails here is a defect of the fake: 500, and told to `onDefect`. */
export async function listen(respond: Respond, port: number, onDefect: (error: unknown) => void): Promise<{ readonly server: Server; readonly url: string }> {
  const server = createServer((request, response) => {
    respond(request, response).catch((error: unknown) => {
      onDefect(error);
      if (!response.headersSent) response.writeHead(500, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ message: 'Defect of the fake GitHub.' }));
    });
  });
  await new Promise<void>((resolve, reject) => { server.once('error', reject).listen(port, '127.0.0.1', resolve); });
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

/** @returns undefined when it is larger than this takes */
export async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
