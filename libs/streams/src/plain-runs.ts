import { needsInput } from '@cascade/messages';
import type { RunSource } from './run-source.js';

/**
 * Runs for applications that keep no cascades: nothing is journalled, so a repeated handler repeats its steps and
 * effects. What cannot be handled (terminal errors, questions to people) goes to the dead letters, because nobody else
 * would hear of it.
 */
export const plainRuns: RunSource = {
  open: async (event, _entry, shutdown) => ({
    run: {
      cascadeId: event.cascadeId,
      fence: 0, // nothing counts the handlings
      signal: shutdown,
      step: (_name, fn) => fn(),
      effect: (_intent, fn) => fn(),
      keptElsewhere: () => undefined,
      progress: async () => undefined,
      ask: async (name, question) => { throw needsInput('CASC_INPUT_NEEDED', `${name}: ${question}`); },
    },
    close: () => undefined,
  }),
  failed: async () => undefined,
  waiting: async () => undefined,
  fence: () => undefined,
};
