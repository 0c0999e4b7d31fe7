import { stripVTControlCharacters } from 'node:util';
import { build, run, SetupError } from './commands.mjs';
import { provideTestNeeds } from './needs.mjs';

/** Runs every project's specs, two projects at a time; the last line counts tests over all of them. */
export async function runTests(args) {
  await build();
  await provideTestNeeds();
  const counter = new TestCounter();
  const { code } = await run(['nx', 'run-many', '-t', 'test', '--parallel=2', '--output-style=static', ...args], {
    onOutput: (text) => {
      process.stdout.write(text);
      counter.read(text);
    },
  });
  const { passed, failed } = counter.total();
  // A project can fail without a failed test, e.g. when its runner does not start: that is a failure too.
  const failures = code === 0 ? failed : Math.max(failed, 1);
  process.stdout.write(`\n${passed} passed, ${failures} failed\n`);
  if (failures > 0) throw new SetupError(''); // the count has said it, and stays the last line
}

/**
 * Counts from jest's summaries, which Nx repeats for results that it has cached. A spec file that does not even load
 * shows in no count of tests; it counts as one failure.
 */
export class TestCounter {
  #rest = '';
  #passed = 0;
  #failed = 0;

  read(text) {
    const lines = stripVTControlCharacters(this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#count(line);
  }

  #count(line) {
    if (/● Test suite failed to run/.test(line)) this.#failed += 1;
    const summary = /^Tests:\s+(.*)$/.exec(line.trim())?.[1];
    if (summary === undefined) return;
    this.#passed += Number(/(\d+) passed/.exec(summary)?.[1] ?? 0);
    this.#failed += Number(/(\d+) failed/.exec(summary)?.[1] ?? 0);
  }

  total() {
    this.#count(this.#rest);
    this.#rest = '';
    return { passed: this.#passed, failed: this.#failed };
  }
}
