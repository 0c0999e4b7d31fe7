import { setTimeout as delay } from 'node:timers/promises';
import { redisKeys } from '@cascade/contracts';
import { readGitHubConfig } from '@cascade/github';
import { redisTime } from '@cascade/streams';
import { withCascades, type CommandContext } from './command-context.js';
import type { Place } from './place.js';

/** How long the services of this process are kept running for what GitHub has not been told yet. */
const MIRROR_MS = 90_000;
const LOOK_AGAIN_MS = 250;
/** What is due later than that is not waited for: it is a retry, or what the sweep does. */
const SOON_MS = 5_000;

/**
 * Waits until GitHub's issues show what the cascade left, where this process mirrors it. What takes longer (GitHub asks for
 * three seconds between two issues) is done by the next services, and said.
 */
export async function untilMirrored(place: Place, { env, screen, command }: CommandContext): Promise<void> {
  if (readGitHubConfig(env).credentials === undefined) return;
  await withCascades(place, async (_cascades, redis) => {
    const waiting = async (): Promise<number> => {
      const until = await redisTime(redis) + SOON_MS;
      return await redis.zcount(redisKeys.githubDirty, '-inf', until) + await redis.zcount(redisKeys.githubAsked, '-inf', until);
    };
    let left = await waiting();
    if (left > 0) screen.notice(`GitHub is being told of ${left} ${left === 1 ? 'change' : 'changes'} …`);
    const until = performance.now() + MIRROR_MS;
    while (left > 0 && performance.now() < until) {
      await delay(LOOK_AGAIN_MS);
      left = await waiting();
    }
    if (left > 0) screen.notice(`${left} ${left === 1 ? 'change is' : 'changes are'} still to be told to GitHub: \`${command} up\` goes on with them.`);
  });
}
