/**
 * The part of MessagePack that our Lua scripts and we exchange: texts, whole numbers from 0, and lists. A script that
 * takes or gives thousands of texts gets them as one argument or gives them as one reply, which Redis packs and unpacks
 * in C: ioredis spends several times as much on every single one.
 */
const LIST = 0xdd, TEXT_32 = 0xdb, TEXT_16 = 0xda, NUMBER = 0xce;
/** Bytes before a text or number, at most. */
const HEADER = 5;
/** Up to this length it is quicker to look at the characters than to ask for the encoder. */
const SHORT = 31;

let scratch = Buffer.allocUnsafeSlow(64 * 1024);

/** A flat list, for `cmsgpack.unpack` in a script. */
export function pack(values: readonly (string | number)[]): Buffer {
  let at = HEADER;
  scratch[0] = LIST;
  scratch.writeUInt32BE(values.length, 1);
  for (const value of values) {
    const room = HEADER + (typeof value === 'string' ? value.length * 3 : 0);
    if (at + room > scratch.length) grow(at + room);
    at = typeof value === 'string' ? writeText(value, at) : writeNumber(value, at);
  }
  return Buffer.from(scratch.subarray(0, at));
}

function grow(needed: number): void {
  const larger = Buffer.allocUnsafeSlow(Math.max(needed, scratch.length * 2));
  scratch.copy(larger);
  scratch = larger;
}

function writeNumber(value: number, at: number): number {
  if (value < 0x80) {
    scratch[at] = value;
    return at + 1;
  }
  scratch[at] = NUMBER;
  return scratch.writeUInt32BE(value, at + 1);
}

function writeText(text: string, at: number): number {
  if (text.length <= SHORT) {
    const end = writeAscii(text, at + 1);
    if (end !== undefined) {
      scratch[at] = 0xa0 | text.length;
      return end;
    }
  }
  if (text.length * 3 <= 0xffff) {
    const bytes = scratch.write(text, at + 3);
    scratch[at] = TEXT_16;
    scratch.writeUInt16BE(bytes, at + 1);
    return at + 3 + bytes;
  }
  const bytes = scratch.write(text, at + 5);
  scratch[at] = TEXT_32;
  scratch.writeUInt32BE(bytes, at + 1);
  return at + 5 + bytes;
}

function writeAscii(text: string, at: number): number | undefined {
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code > 0x7f) return undefined;
    scratch[at + index] = code;
  }
  return at + text.length;
}

export type Unpacked = string | number | readonly Unpacked[];

/** What `cmsgpack.pack` made of texts, whole numbers from 0 and lists. Throws a TypeError for anything else. */
export function unpack(packed: Buffer): Unpacked {
  let at = 0;
  const text = (bytes: number): string => {
    at += bytes;
    return packed.toString('utf8', at - bytes, at);
  };
  const list = (length: number): Unpacked[] => {
    const items: Unpacked[] = [];
    for (let index = 0; index < length; index += 1) items.push(value());
    return items;
  };
  const number = (bytes: number): number => {
    let result = 0;
    for (const end = at + bytes; at < end; at += 1) result = result * 256 + packed[at]!;
    return result;
  };
  const value = (): Unpacked => {
    const head = packed[at]!;
    at += 1;
    if (head < 0x80) return head;
    if (head >= 0xa0 && head < 0xc0) return text(head & 0x1f);
    if (head >= 0x90 && head < 0xa0) return list(head & 0x0f);
    switch (head) {
      case 0xd9: return text(number(1));
      case TEXT_16: return text(number(2));
      case TEXT_32: return text(number(4));
      case 0xdc: return list(number(2));
      case LIST: return list(number(4));
      case 0xcc: return number(1);
      case 0xcd: return number(2);
      case NUMBER: return number(4);
      default: throw new TypeError(`MessagePack ${head} is not known here.`);
    }
  };
  return value();
}
