import { atPlace, placeOf, type Place } from './place.js';
import type { Screen } from './screen.js';

/** What every command gets besides its own arguments. */
export interface CommandContext {
  readonly env: NodeJS.ProcessEnv;
  readonly screen: Screen;
  /** How this command line was called, for advice: `cascade`, or `npm run cascade --`. */
  readonly command: string;
}

/** Options that several commands share. */
export interface SharedOptions {
  readonly json?: boolean;
  readonly remote?: boolean;
}

/** Options of the commands that follow a cascade. */
export interface FollowOptions extends SharedOptions {
  /** False (`--no-wait`): end where a person is waited for. */
  readonly wait?: boolean;
}

/** Runs `fn` with a Redis, and leaves that Redis as it was found; in the partition of `cascadeId` when it is about one. */
export async function withPlace<T>(context: CommandContext, remote: boolean, fn: (place: Place) => Promise<T>, cascadeId?: string): Promise<T> {
  return atPlace(context.env, remote, async (place) => fn(cascadeId === undefined ? place : await placeOf(place, cascadeId)));
}

export { withCascades } from './place.js';
