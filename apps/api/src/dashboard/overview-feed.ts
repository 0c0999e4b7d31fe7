import { batch } from '@preact/signals';
import { follow } from './live.js';
import { announce, cascades, streams } from './store.js';
import { titleOf } from './format.js';
import type { CascadeShort, StreamFigures } from './types.js';

/** Cascades that are kept; the oldest go. */
const MAX_CASCADES = 1_000;

/** Follows all cascades and streams until the returned function is called. */
export function followOverview(): () => void {
  return follow({
    path: '/v1/events',
    onEvent: ({ name, data }) => batch(() => {
      if (name === 'cascade') putCascades([JSON.parse(data) as CascadeShort]);
      if (name === 'streams') {
        streams.value = JSON.parse(data) as StreamFigures;
        cascades.value ??= new Map();
      }
    }),
  });
}

/** What was known of them is told where it is another now. */
export function putCascades(found: readonly CascadeShort[]): void {
  const all = new Map(cascades.peek());
  for (const cascade of found) {
    const before = all.get(cascade.id);
    if (before !== undefined && before.state !== cascade.state) announce(`${titleOf(cascade.request, 60)}: ${cascade.state.replace('_', ' ')}`);
    all.set(cascade.id, cascade);
  }
  cascades.value = new Map([...all].toSorted(([, a], [, b]) => (a.createdAt < b.createdAt ? 1 : -1)).slice(0, MAX_CASCADES));
}
