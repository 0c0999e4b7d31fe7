import { atPlace, type Place } from '../place.js';
import { screenLogger } from '../screen-logger.js';
import type { Screen } from '../screen.js';
import type { DocsCall } from './arguments.js';
import { isServedAt } from './ask.js';

/**
 * Runs `fn` with a docs-indexer that answers: the one that runs, or one in this process, with the git-worker that it
 * needs, until `fn` has ended. With --remote there has to be one.
 */
export async function withDocsServices<T>({ remote }: DocsCall, env: NodeJS.ProcessEnv, screen: Screen, fn: (place: Place) => Promise<T>): Promise<T> {
  return atPlace(env, remote, async (place) => {
    if (remote || await isServedAt(place.env)) return await fn(place);
    const { docsServices, startStandalone } = await import('@cascade/standalone');
    const services = await startStandalone(place.env, screenLogger(screen, env), docsServices);
    try {
      return await fn(place);
    } finally {
      await services.stop();
    }
  });
}
