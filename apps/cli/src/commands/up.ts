import { once } from 'node:events';
import { modelSource, requireModelConfig } from '@cascade/llm';
import { withPlace, type CommandContext } from '../command-context.js';
import { exitCodes } from '../exit-codes.js';
import { listenForInterrupt } from '../interrupt.js';
import { startServices } from '../place.js';

/** Runs all services in this process until ^C. */
export async function up(context: CommandContext): Promise<number> {
  const { screen, env } = context;
  const model = requireModelConfig(env);
  return withPlace(context, false, async (place) => {
    const interrupt = listenForInterrupt(() => screen.notice('\nStopping …'));
    try {
      const services = await startServices(place, false, context);
      try {
        screen.notice(`All services run. Model: ${modelSource(model)}`);
        screen.notice('Ask for a change in another terminal with `cascade run --remote`, or publish the event cascade.requested to this Redis; ^C stops.');
        if (env['CASCADE_API_PORT']) screen.notice(`HTTP API on port ${env['CASCADE_API_PORT']}: docs/api.md; assistants: /mcp, docs/mcp.md.`);
        screen.data(`REDIS_URL=${place.redisUrl}`);
        if (!interrupt.happened) await once(interrupt.signal, 'abort');
      } finally {
        await services.stop();
      }
    } finally {
      interrupt.close();
    }
    return exitCodes.done;
  });
}
