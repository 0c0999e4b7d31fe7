import type { TestPlan } from '@cascade/contracts';

export type KnownCommand = Pick<TestPlan, 'ecosystem' | 'runner' | 'command'>;

export const jestProgram = 'node_modules/jest/bin/jest.js';
export const vitestProgram = 'node_modules/vitest/vitest.mjs';

/** What `npx x`, `pnpm exec x`, `yarn x` and the like come down to: the program with its arguments. */
function withoutLauncher(words: readonly string[]): readonly string[] {
  const [first, second] = words;
  if (first === 'npx' || first === 'bunx' || first === 'yarn') return words.slice(second === '--no-install' || second === '--yes' || second === '-y' ? 2 : 1);
  if ((first === 'pnpm' || first === 'npm') && second === 'exec') return words.slice(words[2] === '--' ? 3 : 2);
  return words;
}

function nodeCommand(words: readonly string[]): KnownCommand | undefined {
  const script = words.findIndex((word) => /(^|\/)(jest(\.js)?|vitest(\.mjs)?)$/.test(word));
  if (script > 0) {
    const isJest = /jest(\.js)?$/.test(words[script]!);
    return { ecosystem: 'node', runner: isJest ? 'jest' : 'vitest', command: [...words.slice(0, script), isJest ? jestProgram : vitestProgram, ...words.slice(script + 1)] };
  }
  return words.includes('--test') ? { ecosystem: 'node', runner: 'node-test', command: [...words] } : undefined;
}

function pythonCommand(words: readonly string[]): KnownCommand | undefined {
  const module = words.indexOf('-m');
  const rest = words.slice(module + 2);
  if (module > 0 && words[module + 1] === 'pytest') return { ecosystem: 'python', runner: 'pytest', command: ['python3', '-m', 'pytest', ...rest] };
  if (module > 0 && words[module + 1] === 'unittest') return { ecosystem: 'python', runner: 'unittest', command: ['python3', '-m', 'unittest', ...rest] };
  return undefined;
}

/** Arguments that make a runner watch for changes or colour its output would never end or never parse. */
const interactive = new Set(['--watch', '--watchAll', '-w', 'watch', '--ui', '--color', '--colors']);

/** The runner that a command calls, in the form that runs inside the sandbox; undefined when it is none that we know. */
export function knownCommand(given: readonly string[]): KnownCommand | undefined {
  const words = withoutLauncher(given).filter((word) => !interactive.has(word));
  const [program = '', ...rest] = words;
  if (program === 'jest') return { ecosystem: 'node', runner: 'jest', command: ['node', jestProgram, ...rest] };
  if (program === 'vitest') return { ecosystem: 'node', runner: 'vitest', command: ['node', vitestProgram, 'run', ...rest.filter((word) => word !== 'run')] };
  if (program === 'pytest' || program === 'py.test') return { ecosystem: 'python', runner: 'pytest', command: ['python3', '-m', 'pytest', ...rest] };
  if (program === 'node') return nodeCommand(words);
  if (/^python(3(\.\d+)?)?$/.test(program)) return pythonCommand(words);
  return undefined;
}
