import { docsCommands, newEventId, type CommandDefinition, type RequestOf } from '@cascade/contracts';
import { readHostConfig } from '@cascade/service-host';
import { CommandClient } from '@cascade/streams';
import type { Screen } from '../screen.js';
import type { DocsCall } from './arguments.js';
import { commandOf, type Answer } from './ask.js';
import { withDocsServices } from './docs-services.js';

const ANSWER_MS = 120_000;

/** Asks by the usual way, whatever Redis it is; where no docs-indexer runs, one runs in this process until the answer is there. */
export async function askWithServices(call: DocsCall, env: NodeJS.ProcessEnv, screen: Screen): Promise<Answer> {
  const { type, request } = commandOf(call);
  const definition: CommandDefinition = docsCommands.find((command) => command.type === type)!;
  return withDocsServices(call, env, screen, async (place) => {
    const commands = new CommandClient({ redis: readHostConfig(place.env).partitionFor(call.repository) });
    try {
      return { data: await commands.send(definition, request as RequestOf<CommandDefinition>, { key: newEventId(), cascadeId: 'cascade-cli', signal: AbortSignal.timeout(ANSWER_MS), timeoutMs: ANSWER_MS }) as Record<string, unknown> };
    } finally {
      await commands.close();
    }
  });
}
