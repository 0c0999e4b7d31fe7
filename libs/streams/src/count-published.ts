import { streamKeys } from '@cascade/messages';
import { streamMetrics, type CounterCell } from '@cascade/telemetry';

const eventStreams = streamKeys.stream('');
const cells = new Map<string, CounterCell>();

/** Counts an entry that was added. Streams of retries, dead letters and timelines are something else. */
export function countPublished(stream: string): void {
  let cell = cells.get(stream);
  if (cell === undefined) {
    if (!stream.startsWith(eventStreams)) return;
    cell = streamMetrics.published.at({ stream });
    cells.set(stream, cell);
  }
  cell.add();
}
