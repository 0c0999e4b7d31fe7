import { cascadeEvents } from './cascade-events.js';
import { docsCommands } from './docs-commands.js';
import { docsEvents } from './docs-events.js';
import { gitCommands } from './git-commands.js';
import { githubEvents } from './github-events.js';

/** Every contract there is: the generated page, the metrics and the malformed-event tests go by these. */
export const events = [...cascadeEvents, ...docsEvents, ...githubEvents] as const;
export const commands = [...gitCommands, ...docsCommands] as const;
export const messageTypes: readonly string[] = [...events, ...commands].map(({ type }) => type);
