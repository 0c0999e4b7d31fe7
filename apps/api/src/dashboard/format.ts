const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A length of time, as exactly as a person wants it: `1 h 5 min`, `26 min`, `1 min 5 s`. */
export function duration(ms: number): string {
  const length = Math.max(0, ms);
  if (length < MINUTE) return `${Math.floor(length / SECOND)} s`;
  if (length < 10 * MINUTE) return two(length, MINUTE, 'min', SECOND, 's');
  if (length < HOUR) return `${Math.floor(length / MINUTE)} min`;
  return length < DAY ? two(length, HOUR, 'h', MINUTE, 'min') : two(length, DAY, 'd', HOUR, 'h');
}

function two(ms: number, large: number, largeName: string, small: number, smallName: string): string {
  const rest = Math.floor((ms % large) / small);
  return `${Math.floor(ms / large)} ${largeName}${rest === 0 ? '' : ` ${rest} ${smallName}`}`;
}

/** How long ago something was, in its largest unit. */
export function ago(ms: number): string {
  if (ms < 5 * SECOND) return 'just now';
  if (ms < MINUTE) return `${Math.floor(ms / SECOND)} s ago`;
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min ago`;
  return ms < DAY ? `${Math.floor(ms / HOUR)} h ago` : `${Math.floor(ms / DAY)} d ago`;
}

export const money = (usd: number): string => `$${usd.toFixed(usd !== 0 && usd < 0.1 ? 4 : 2)}`;

/** A count, short: `12.3k`. */
export function count(number: number): string {
  if (number < 1_000) return String(number);
  return number < 1_000_000 ? `${trimmed(number / 1_000)}k` : `${trimmed(number / 1_000_000)}M`;
}

const trimmed = (number: number): string => number.toFixed(number < 100 ? 1 : 0).replace(/\.0$/, '');

export const bytes = (number: number): string => (number < 1_024 ? `${number} B` : number < 1_048_576 ? `${trimmed(number / 1_024)} kB` : `${trimmed(number / 1_048_576)} MB`);

export const many = (number: number, one: string, more = `${one}s`): string => `${number} ${number === 1 ? one : more}`;

/** The first line of a request as a title. */
export function titleOf(request: string, length = 120): string {
  const line = request.trim().split('\n', 1)[0]!.replace(/^#+\s*/, '').trim();
  const sentence = /^.{20,}?[.!?:](?=\s)/.exec(line)?.[0].replace(/[.:]$/, '') ?? line;
  return sentence.length <= length ? sentence : `${sentence.slice(0, length - 1).trimEnd()}…`;
}

/** The last part of a path or address. */
export const shortRepository = (repository: string): string => repository.replace(/[\\/]+$/, '').replace(/\.git$/, '').split(/[\\/:]/).at(-1) || repository;

/** Time of day, in the reader's zone. */
export const clock = (at: string): string => new Date(at).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false });
export const date = (at: string): string => new Date(at).toLocaleString([], { dateStyle: 'medium', timeStyle: 'short' });
