import type { Readable } from 'node:stream';

/** Bubblewrap writes two short lines; anything longer is not from it. */
const MAX_STATUS_BYTES = 64 * 1024;

/**
 * Reads what bubblewrap reports on `--json-status-fd`: first the process id of the namespace's first process, at the end the
 * exit code of the command. No exit code means that the sandbox was never completely set up, or that it was killed.
 */
export class StatusReader {
  private text = '';
  private readonly first = Promise.withResolvers<number | undefined>();

  constructor(stream: Readable) {
    stream.setEncoding('utf8');
    stream.on('data', (chunk: string) => {
      if (this.text.length < MAX_STATUS_BYTES) this.text += chunk;
      if (this.namespaceInit !== undefined) this.first.resolve(this.namespaceInit);
    });
    stream.on('error', () => this.first.resolve(undefined));
    stream.on('close', () => this.first.resolve(undefined));
  }

  get namespaceInit(): number | undefined {
    const found = /"child-pid": (\d+)/.exec(this.text)?.[1];
    return found === undefined ? undefined : Number(found);
  }

  get finished(): boolean {
    return /"exit-code": \d+/.test(this.text);
  }

  /** The first process of the namespace, or undefined when bubblewrap ended before there was one. */
  started(): Promise<number | undefined> {
    return this.first.promise;
  }
}
