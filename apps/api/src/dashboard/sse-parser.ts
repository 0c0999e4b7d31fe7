/** Longest that a line may be; whatever sends more is no stream of ours. */
export const MAX_LINE_CHARACTERS = 8_000_000;

export interface ServerEvent {
  readonly name: string;
  readonly data: string;
  /** Of this event, or of the last one before it that had one. */
  readonly id: string;
}

/** Reads server-sent events from pieces of text, wherever they were cut. */
export class SseParser {
  private left = '';
  private name = '';
  private data: string[] = [];

  constructor(private id = '') {}

  /** The events that are whole with this piece. */
  push(piece: string): ServerEvent[] {
    const lines = (this.left + piece).split(/\r\n|\n|\r(?!$)/);
    this.left = lines.pop()!.slice(0, MAX_LINE_CHARACTERS);
    return lines.flatMap((line) => this.take(line));
  }

  private take(line: string): ServerEvent[] {
    if (line === '') return this.dispatch();
    const colon = line.indexOf(':');
    const [field, value] = colon === -1 ? [line, ''] : [line.slice(0, colon), line.slice(colon + 1).replace(/^ /, '')];
    if (field === 'event') this.name = value;
    if (field === 'data') this.data.push(value);
    if (field === 'id' && !value.includes('\0')) this.id = value;
    return [];
  }

  private dispatch(): ServerEvent[] {
    const [name, data] = [this.name === '' ? 'message' : this.name, this.data];
    [this.name, this.data] = ['', []];
    return data.length === 0 ? [] : [{ name, data: data.join('\n'), id: this.id }];
  }
}
