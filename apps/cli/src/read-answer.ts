import { createInterface } from 'node:readline';
import type { Screen } from './screen.js';

/**
 * One line from the person at the terminal; undefined when there is none: the input ended (^D), or `signal` aborted.
 * ^C reaches the process as it does while nobody is asked.
 */
export async function readAnswer({ keyboard, terminal }: Screen, signal: AbortSignal): Promise<string | undefined> {
  if (keyboard === undefined || signal.aborted) return undefined;
  const reader = createInterface({ input: keyboard, ...(terminal === undefined ? {} : { output: terminal }), historySize: 0, prompt: '> ' });
  const close = (): void => reader.close();
  signal.addEventListener('abort', close);
  try {
    return await new Promise((resolve) => {
      reader.on('line', (line) => (line.trim() === '' ? reader.prompt() : resolve(line.trim())));
      reader.once('close', () => resolve(undefined));
      reader.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
      reader.prompt();
    });
  } finally {
    signal.removeEventListener('abort', close);
    reader.close();
    terminal?.write('\n');
  }
}
