import net from 'node:net';

const HEAD_END = Buffer.from('\r\n\r\n');

/** So many requests over keep-alive connections, each sending the next one when it has its answer; gives the seconds. */
export async function load(port, address, { requests, connections }) {
  const begin = performance.now();
  let issued = 0;
  await Promise.all(Array.from({ length: connections }, () => oneAfterTheOther(port, address, () => (issued += 1) <= requests)));
  return (performance.now() - begin) / 1_000;
}

function oneAfterTheOther(port, address, another) {
  const request = `GET ${address} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\n\r\n`;
  return new Promise((resolve, reject) => {
    const socket = net.connect({ port, host: '127.0.0.1', noDelay: true });
    let buffered = Buffer.alloc(0);
    const next = () => (another() ? socket.write(request) : (socket.destroy(), resolve()));
    socket.on('connect', next).on('error', reject).on('data', (chunk) => {
      buffered = buffered.length === 0 ? chunk : Buffer.concat([buffered, chunk]);
      const head = buffered.indexOf(HEAD_END);
      if (head === -1) return;
      const text = buffered.toString('latin1', 0, head);
      if (!text.startsWith('HTTP/1.1 200')) return reject(new Error(`${address}: ${text.split('\r\n')[0]}`));
      if (buffered.length < head + 4 + Number(/content-length: (\d+)/i.exec(text)?.[1])) return;
      buffered = Buffer.alloc(0);
      next();
    });
  });
}

/** Open event streams, and what has come over them. */
export class Streams {
  #sockets = [];
  /** Milliseconds that each line was under way; a line's text is when it was written. */
  delays = [];

  async open(port, addresses) {
    await Promise.all(addresses.map((address) => new Promise((resolve, reject) => {
      const socket = net.connect({ port, host: '127.0.0.1' });
      this.#sockets.push(socket);
      socket.on('error', reject).on('data', (chunk) => {
        resolve();
        for (const [, at] of chunk.toString('latin1').matchAll(/"text":"at (\d+)"/g)) this.delays.push(Date.now() - Number(at));
      });
      socket.write(`GET ${address} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\n\r\n`);
    })));
  }

  get held() {
    return this.#sockets.filter((socket) => !socket.destroyed).length;
  }

  close() {
    for (const socket of this.#sockets) socket.destroy();
  }
}
