import type { CascadeRecord } from '@cascade/state';
import type { RedisSettings } from '@cascade/streams';
import { Conversation } from './conversation.js';
import { tellEnding } from './ending.js';
import { exitCodes } from './exit-codes.js';
import { followCascade } from './follow.js';
import type { Screen } from './screen.js';
import { openView } from './views.js';

export interface Following {
  readonly redis: RedisSettings;
  readonly id: string;
  readonly json: boolean;
  readonly screen: Screen;
  readonly command: string;
  readonly signal: AbortSignal;
  /** What to do where a person is waited for: ask them here, tell them how to answer and go on following, or end. */
  readonly questions: 'ask' | 'tell' | 'end';
}

/** Asks only where somebody can answer: on a terminal, and not in a stream of JSON. */
export function howToAsk(wait: boolean, json: boolean, { keyboard }: Screen): Following['questions'] {
  if (!wait) return 'end';
  return keyboard === undefined || json ? 'tell' : 'ask';
}

/** Shows a cascade until it ends (or waits for a person), or `signal` aborts; tells how it ended, and gives the exit code. */
export async function followToEnd({ redis, id, json, screen, command, signal, questions }: Following): Promise<number> {
  const view = openView(json, screen);
  const conversation = new Conversation({ redis, screen, command, json, view, ask: questions === 'ask' });
  let last: CascadeRecord | undefined;
  try {
    const onRedis = (away: boolean): void => screen.notice(away ? 'Redis does not answer; waiting for it …' : 'Redis is back.');
    for await (const update of followCascade(redis, id, { signal, onRedis, untilQuestion: questions === 'end' })) {
      if (update.kind === 'line') {
        view.line(update.line);
      } else {
        last = update.record;
        view.record(update.record);
        if (questions !== 'end') conversation.update(update.record);
      }
    }
  } finally {
    await conversation.close();
    await view.close();
  }
  if (!signal.aborted && last !== undefined) return tellEnding(last, { json, screen, command });
  if (json) screen.data(JSON.stringify({ type: 'interrupted', exitCode: exitCodes.interrupted, id }));
  return exitCodes.interrupted;
}
