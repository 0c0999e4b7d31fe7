import { retryable, within } from '@cascade/messages';
import type { Gauge } from './gauge.js';
import type { LabelSets } from './family.js';

/** One number, already where it belongs. */
export interface Reading {
  readonly gauge: Gauge<LabelSets>;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Reads gauges from elsewhere, at the moment of the question. */
export type GaugeSource = () => Promise<readonly Reading[]>;

/** Who scrapes gives up after ten seconds; what is known without the source must reach it before. */
export const SOURCE_WITHIN_MS = 5_000;

interface Known {
  readonly read: GaugeSource;
  readonly withinMs: number;
  /** One at a time, also when it takes longer than anybody waits: a Redis that is away must not collect questions. */
  reading?: Promise<readonly Reading[]> | undefined;
  trouble?: string | undefined;
}

const sources = new Set<Known>();
/** Those that were set at the last reading: what is gone by the next one must not stay. */
let lastSet: ReadonlySet<Gauge<LabelSets>> = new Set();

/** From now on `read` is asked with every scrape. Gives what ends that. */
export function addGaugeSource(read: GaugeSource, withinMs = SOURCE_WITHIN_MS): () => void {
  const known: Known = { read, withinMs };
  sources.add(known);
  return () => void sources.delete(known);
}

/** Sets all gauges anew. What a source does not tell in time is left out, and told to `onTrouble`, once per outage. */
export async function readGauges(onTrouble: (why: string) => void): Promise<void> {
  const readings = (await Promise.all([...sources].map((source) => readOne(source, onTrouble)))).flat();
  for (const gauge of lastSet) gauge.reset();
  for (const { gauge, labels, value } of readings) gauge.set(labels, value);
  lastSet = new Set(readings.map(({ gauge }) => gauge));
}

async function readOne(source: Known, onTrouble: (why: string) => void): Promise<readonly Reading[]> {
  const { withinMs } = source;
  try {
    source.reading ??= source.read().finally(() => (source.reading = undefined));
    const readings = await within(withinMs, source.reading, () => { throw retryable('CASC_METRICS_LATE', `There was no answer within ${withinMs} ms.`); });
    source.trouble = undefined;
    return readings;
  } catch (error) {
    const why = (error as Error).message;
    if (why !== source.trouble) onTrouble(why);
    source.trouble = why;
    return [];
  }
}
