import { requireModelConfig } from '@cascade/llm';
import { readHostConfig } from '@cascade/service-host';
import { withPlace, type CommandContext, type SharedOptions } from '../command-context.js';
import { exitCodes } from '../exit-codes.js';
import { listenForInterrupt } from '../interrupt.js';
import { isRemote, startServices } from '../place.js';
import { screenLogger } from '../screen-logger.js';

/**
 * Serves the Model Context Protocol on stdin and stdout, for the program that started this one. The services run in this
 * process, unless they run elsewhere; what they were doing when it ends is gone on with by the next ones.
 */
export async function mcp(options: SharedOptions, context: CommandContext): Promise<number> {
  const { env, screen } = context;
  const remote = isRemote(env, options.remote);
  if (!remote) requireModelConfig(env);
  return withPlace(context, remote, async (place) => {
    const interrupt = listenForInterrupt(() => undefined);
    const { readApiConfig, serveMcpOnStdio } = await import('@cascade/api');
    try {
      const services = await startServices(place, remote, context);
      try {
        await serveMcpOnStdio(readHostConfig(place.env), readApiConfig(place.env), { input: process.stdin, output: process.stdout, logger: screenLogger(screen, env) }, interrupt.signal);
      } finally {
        await services.stop();
      }
    } finally {
      interrupt.close();
    }
    return exitCodes.done;
  });
}
