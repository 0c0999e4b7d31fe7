import { messageTypes } from '@cascade/contracts';
import { readLag, type GroupLag } from '@cascade/streams';
import { withCascades, withPlace, type CommandContext, type SharedOptions } from '../command-context.js';
import { exitCodes } from '../exit-codes.js';
import { isRemote } from '../place.js';
import { harmless, type Screen } from '../screen.js';

/** Shows what waits for which service: the numbers of the supervisor's metrics, for people. Reads only. */
export async function lag(options: SharedOptions & { readonly all?: boolean }, context: CommandContext): Promise<number> {
  const { screen, env } = context;
  return withPlace(context, isRemote(env, options.remote), (place) => withCascades(place, async (_cascades, redis) => {
    const { groups, services } = await readLag(redis, messageTypes);
    const shown = groups.filter((group) => options.all === true || group.lag > 0 || group.pending > 0);
    const waiting = services.filter((service) => options.all === true || service.delayedRetries > 0 || service.deadLetters > 0);
    if (options.json === true) for (const one of [...shown, ...waiting]) screen.data(JSON.stringify(one));
    else if (shown.length === 0 && waiting.length === 0) screen.notice('Nothing waits.');
    else {
      tellGroups(shown, screen);
      for (const { service, delayedRetries, deadLetters } of waiting) screen.data(`${harmless(service).padEnd(20)}  ${delayedRetries} delayed  ${deadLetters} dead letters`);
    }
    return exitCodes.done;
  }));
}

function tellGroups(groups: readonly GroupLag[], screen: Screen): void {
  if (groups.length === 0) return;
  const row = (...cells: string[]): void => screen.data(cells.map((cell, index) => (index < 2 ? cell.padEnd(index === 0 ? 32 : 20) : cell.padStart(10))).join('  '));
  row('stream', 'service', 'waiting', 'in work', 'waits for', 'works for');
  for (const { stream, group, lag: behind, isAtLeast, pending, oldestUndeliveredMs, oldestPendingMs } of groups) {
    row(harmless(stream.replace(/^stream:/, '')), harmless(group), `${behind}${isAtLeast ? '+' : ''}`, String(pending), age(oldestUndeliveredMs), age(oldestPendingMs));
  }
}

function age(ms: number): string {
  if (ms === 0) return '';
  const seconds = Math.round(ms / 1000);
  return seconds < 120 ? `${seconds} s` : seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
}
