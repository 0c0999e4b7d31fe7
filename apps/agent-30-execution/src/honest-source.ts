import { isFileChanges, type HostPredicate } from '@cascade/programs';

/**
 * Ways of turning tests green without doing the work, found in what an implementer writes. They are refused before
 * anything runs; what gets past them is caught by running: test names, restored tests, the canary.
 */
const banned: readonly (readonly [pattern: RegExp, why: string])[] = [
  [/['"](?:node:test|node:assert(?:\/strict)?|assert(?:\/strict)?|vitest|jest|@jest\/globals|mocha|chai)['"]|^\s*(?:import|from)\s+(?:pytest|unittest|_pytest)\b/m, 'imports a test or assertion library'],
  [/\b(?:NODE_TEST_CONTEXT|JEST_WORKER_ID|VITEST|VITEST_WORKER_ID|PYTEST_CURRENT_TEST)\b/, 'looks at whether a test is running'],
  [/\beval\s*\(|\bnew\s+Function\s*\(|^\s*exec\s*\(/m, 'evaluates text as code'],
  [/Object\s*\.\s*(?:defineProperty|setPrototypeOf|assign)\s*\(\s*(?:Object|Array|String|Number|Function|Boolean|RegExp|Map|Set|Promise)(?:\.prototype)?\s*,|\b(?:Object|Array|String|Number|Function|Boolean)\s*\.\s*prototype\s*(?:\.\s*\w+|\[[^\]]*\])\s*=[^=]|^\s*(?:builtins|__builtins__)\./m, 'changes built-in objects'],
  [/\bSymbol\s*\.\s*toPrimitive\b|\bvalueOf\s*\(\s*\)\s*\{\s*return\s*['"]/, 'answers comparisons with a disguised value'],
];

/** A program's entry may end its process; what is imported may not. */
const ending = /\bprocess\s*\.\s*(?:exit|abort|kill|reallyExit)\b|\b(?:os\._exit|sys\.exit|os\.kill|os\.abort)\b/;
const entry = /(?:^|\/)(?:bin\/|(?:cli|main|__main__|index|server)\.\w+$)/;

/** What of a file's own new lines is not acceptable; lines that the file had before are not the implementer's. */
export function dishonesty(path: string, text: string, before: string = ''): string[] {
  const known = new Set(before.split('\n'));
  const fresh = text.split('\n').filter((line) => !known.has(line)).join('\n');
  const ends = ending.test(fresh) && !entry.test(path) ? ['ends or kills the process'] : [];
  return [...ends, ...banned.filter(([pattern]) => pattern.test(fresh)).map(([, why]) => why)];
}

/** The host check `honestSource` of programs. Allowed exceptions are what the file already does. */
export function honestSource(currentText: (path: string) => string | undefined): HostPredicate {
  return (value) => {
    if (!isFileChanges(value)) return true;
    const problems = value.flatMap((change) => {
      const text = change.kind === 'whole' ? change.text : change.edits.map((edit) => edit.replace).join('\n');
      return dishonesty(change.path, text, currentText(change.path)).map((why) => `${change.path} ${why}`);
    });
    return problems.length === 0 ? true : problems.join('; ');
  };
}
