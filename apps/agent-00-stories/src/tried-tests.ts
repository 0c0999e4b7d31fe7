import { terminal, type gitTestCommit, type ReplyOf, type TestPlan } from '@cascade/contracts';

type Tried = ReplyOf<typeof gitTestCommit>;
/** Bounds of what is told of a run. */
const MAX_SHOWN = 5;
const MAX_LINES = 30;

/**
 * What people should know of the tests that the repository has before anything is changed; nothing when all pass. Tests
 * that fail now may go on failing. Throws CASC_TESTS_BROKEN (terminal) for a suite that fails without naming a test: no
 * later run of it could prove anything. A repository that has no test yet is not held to it.
 */
export function triedTests({ green, failed, failing, output }: Tried, { command, exampleTest }: TestPlan): string | undefined {
  if (green) return undefined;
  if (failed > 0) return `${failed === 1 ? '1 test fails' : `${failed} tests fail`} before anything is changed, and may go on failing: ${failing.slice(0, MAX_SHOWN).join(', ')}${failed > MAX_SHOWN ? ', …' : ''}`;
  if (exampleTest === undefined) return undefined;
  throw terminal('CASC_TESTS_BROKEN', `The repository's own test run fails without a failing test (${command.join(' ')}):\n${output.split('\n').slice(0, MAX_LINES).join('\n')}`, {
    advice: 'Make them run on the branch as it is, or name the command that runs them with --test-command "…".',
  });
}
