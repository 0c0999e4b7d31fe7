import type { CascadeRecord } from '@cascade/state';
import { tellEnding } from './ending.js';
import { exitCodes } from './exit-codes.js';
import { followCascade } from './follow.js';
import type { Screen } from './screen.js';
import { openView } from './views.js';

export interface Following {
  readonly redisUrl: string;
  readonly id: string;
  readonly json: boolean;
  readonly screen: Screen;
  readonly command: string;
  readonly signal: AbortSignal;
}

/** Shows a cascade until it ends, waits for a person, or `signal` aborts; tells how it ended, and gives the exit code. */
export async function followToEnd({ redisUrl, id, json, screen, command, signal }: Following): Promise<number> {
  const view = openView(json, screen);
  let last: CascadeRecord | undefined;
  try {
    const onRedis = (away: boolean): void => screen.notice(away ? 'Redis does not answer; waiting for it …' : 'Redis is back.');
    for await (const update of followCascade(redisUrl, id, { signal, onRedis })) {
      if (update.kind === 'line') {
        view.line(update.line);
      } else {
        last = update.record;
        view.record(update.record);
      }
    }
  } finally {
    await view.close();
  }
  if (!signal.aborted && last !== undefined) return tellEnding(last, { json, screen, command });
  if (json) screen.data(JSON.stringify({ type: 'interrupted', exitCode: exitCodes.interrupted, id }));
  return exitCodes.interrupted;
}
