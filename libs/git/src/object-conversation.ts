import type { Readable, Writable } from 'node:stream';
import { retryable } from '@cascade/contracts';

export interface ObjectInfo {
  readonly oid: string;
  readonly type: string;
  readonly bytes: number;
}

/**
 * Questions to one running `git cat-file --batch-command`: what an answer tells can be asked for next, without another
 * process. Names are object ids, or one with `^{tree}` behind it; whatever else has a line end in it is not for here.
 */
export class ObjectConversation {
  private readonly chunks: AsyncIterator<Buffer>;
  private unread: Buffer = Buffer.alloc(0);
  /** Answers are left that nobody reads. */
  isOver = false;

  constructor(private readonly to: Writable, from: Readable) {
    this.chunks = from[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  }

  /** In the order of the names; undefined for what the repository does not have. */
  async infos(names: readonly string[]): Promise<(ObjectInfo | undefined)[]> {
    this.ask('info', names);
    const infos: (ObjectInfo | undefined)[] = [];
    for (const _ of names) infos.push(await this.head());
    return infos;
  }

  /**
   * The objects' bytes in the order of the names, undefined for what the repository does not have. Nothing at all when they
   * are more than `room` together: then the conversation is over.
   */
  async contents(names: readonly string[], room: number): Promise<(Buffer | undefined)[] | undefined> {
    this.ask('contents', names);
    const contents: (Buffer | undefined)[] = [];
    let left = room;
    for (const _ of names) {
      const head = await this.head();
      left -= head?.bytes ?? 0;
      this.isOver = left < 0;
      if (this.isOver) return undefined;
      contents.push(head === undefined ? undefined : (await this.take(head.bytes + 1)).subarray(0, -1));
    }
    return contents;
  }

  private ask(what: 'info' | 'contents', names: readonly string[]): void {
    if (names.length > 0) this.to.write(names.map((name) => `${what} ${name}\n`).join(''));
  }

  private async head(): Promise<ObjectInfo | undefined> {
    let end: number;
    while ((end = this.unread.indexOf(0x0a)) < 0) await this.more();
    const [oid = '', type = '', bytes] = (await this.take(end + 1)).toString('latin1', 0, end).split(' ');
    return bytes === undefined ? undefined : { oid, type, bytes: Number(bytes) };
  }

  private async take(bytes: number): Promise<Buffer> {
    const parts = [this.unread];
    for (let length = this.unread.length; length < bytes; length += this.unread.length) parts.push(this.unread = await this.next());
    const all = parts.length === 1 ? this.unread : Buffer.concat(parts);
    this.unread = all.subarray(bytes);
    return all.subarray(0, bytes);
  }

  private async more(): Promise<void> {
    this.unread = Buffer.concat([this.unread, await this.next()]);
  }

  private async next(): Promise<Buffer> {
    const { value, done } = await this.chunks.next();
    if (done === true) throw retryable('CASC_GIT_FAILED', 'git ended while it was asked for objects.');
    return value;
  }
}
