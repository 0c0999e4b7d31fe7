/** A tenth of a soak: what its cascades cost, and what was left of them after their retention. */
export interface Tenth {
  readonly perSecond: number;
  /** CPU time per cascade, in microseconds. */
  readonly nodeMicros: number;
  readonly redisMicros: number;
  readonly heapBytes: number;
  /** Keys that expire, but later than a soak lasts. */
  readonly forgotten: number;
  /** All others. */
  readonly keys: number;
  readonly redisBytes: number;
}

/** How much more a late tenth may have than an early one: a tenth of it. */
const MAX_GROWTH = 0.1;
/** And on top of that, since little grows by large shares: keys, and bytes of a heap. */
const KEYS_SLACK = 16;
const HEAP_SLACK_BYTES = 2 * 1024 ** 2;

/** With fewer cascades in a tenth their cost says more about the machine. */
const LEAST_FOR_COST = 1_000;

/** Compared are the second tenth, when everything is warm, and the last; of the cost, the medians of three on each side. */
export function growthViolations(tenths: readonly Tenth[], cascadesEach: number): string[] {
  const [early, late] = [tenths[1]!, tenths.at(-1)!];
  const cost = costGrowth(tenths);
  return [
    ...grown('keys in Redis', early.keys, late.keys, KEYS_SLACK),
    ...grown('bytes of heap', early.heapBytes, late.heapBytes, HEAP_SLACK_BYTES),
    ...(cost <= MAX_GROWTH || cascadesEach < LEAST_FOR_COST ? [] : [`a cascade costs ${percent(cost)} more CPU time at the end than at the beginning`]),
  ];
}

/** 0.05: five per cent more CPU time per cascade in the last tenths than in the second to fourth. */
export function costGrowth(tenths: readonly Tenth[]): number {
  return median(tenths.slice(-3).map(cost)) / median(tenths.slice(1, 4).map(cost)) - 1;
}

export const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

const cost = ({ nodeMicros, redisMicros }: Tenth): number => nodeMicros + redisMicros;

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

function grown(what: string, early: number, late: number, slack: number): string[] {
  return late <= early * (1 + MAX_GROWTH) + slack ? [] : [`${what} grew from ${early} to ${late}`];
}

const HEADER = ['cascades', 'per s', 'µs Node', 'µs Redis', 'heap MiB', 'expiring', 'keys', 'Redis MiB'];
const MIB = 1024 ** 2;
const row = (cells: readonly string[]): string => cells.map((cell) => cell.padStart(9)).join(' ');

export const tableHeader = row(HEADER);

export function tableLine(cascades: number, { perSecond, nodeMicros, redisMicros, heapBytes, forgotten, keys, redisBytes }: Tenth): string {
  return row([String(cascades), perSecond.toFixed(0), nodeMicros.toFixed(0), redisMicros.toFixed(0), (heapBytes / MIB).toFixed(1), String(forgotten), String(keys), (redisBytes / MIB).toFixed(2)]);
}
