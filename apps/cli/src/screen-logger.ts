import type { LoggerService } from '@nestjs/common';
import { redact } from '@cascade/contracts';
import { harmless, type Screen } from './screen.js';

/** Most different messages that are remembered as told. */
const MAX_TOLD = 200;

/**
 * What services log, for a person who runs them in this process: one notice per warning or error, on stderr (stdout holds
 * results), without stacks unless CASCADE_DEBUG asks for them. The services share their troubles, e.g. a lost Redis, so
 * the same message is told once, whichever service says it.
 */
export function screenLogger(screen: Screen, env: NodeJS.ProcessEnv): LoggerService {
  const told = new Set<string>();
  const tell = (message: unknown, ...more: unknown[]): void => {
    const text = redact(String(message)).replace(/^[\w-]+: /, '');
    if (told.has(text)) return;
    if (told.size < MAX_TOLD) told.add(text);
    screen.notice(screen.style('dim', `Services: ${harmless(text)}`));
    if (env['CASCADE_DEBUG']) for (const line of more) screen.notice(harmless(redact(String(line))));
  };
  return { log: () => undefined, warn: tell, error: tell, fatal: tell };
}
