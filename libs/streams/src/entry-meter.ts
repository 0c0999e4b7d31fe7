import { entryMs } from '@cascade/messages';
import { entryOutcomes, streamMetrics, type CounterCell, type EntryOutcome, type HistogramCell } from '@cascade/telemetry';
import type { Handle } from './entry-pool.js';
import type { Delivery } from './stream-entry.js';

/** The series of one stream, found once: an entry passes here more often than anywhere. */
interface Cells {
  readonly wait: HistogramCell;
  readonly process: HistogramCell;
  readonly claimed: CounterCell;
  readonly outcomes: Readonly<Record<EntryOutcome, CounterCell>>;
}

/** Counts how long entries of one service wait, how long they take, and how they end. */
export class EntryMeter {
  readonly #cells = new Map<string, Cells>();

  constructor(private readonly group: string) {}

  /** The series of streams that always exist begin now: the first dead letter has to be seen as one more than none. */
  begin(streams: readonly string[]): void {
    for (const stream of streams) this.#of(stream);
  }

  /** As `handle`, counted. An entry that stays pending, because it could not be committed, is not counted as handled. */
  measured(handle: Handle): Handle {
    return async (delivery: Delivery): Promise<EntryOutcome> => {
      const cells = this.#of(delivery.stream);
      const { id } = delivery;
      cells.wait.observe(Math.max(0, Date.now() - entryMs(id)) / 1_000); // by two clocks
      if (delivery.deliveries > 1) cells.claimed.add();
      const begin = performance.now();
      const outcome = await handle(delivery);
      cells.process.observe((performance.now() - begin) / 1_000);
      cells.outcomes[outcome].add();
      return outcome;
    };
  }

  #of(stream: string): Cells {
    const known = this.#cells.get(stream);
    if (known !== undefined) return known;
    const labels = { stream, group: this.group };
    const outcomes = Object.fromEntries(entryOutcomes.map((outcome) => [outcome, streamMetrics.processed.at({ ...labels, outcome })])) as Cells['outcomes'];
    const made = { wait: streamMetrics.wait.at(labels), process: streamMetrics.process.at(labels), claimed: streamMetrics.claimed.at(labels), outcomes };
    this.#cells.set(stream, made);
    return made;
  }
}
