import type { TestPlan } from '@cascade/contracts';

interface Rule {
  readonly pattern: RegExp;
  readonly problem: string;
  /** The rule does not hold in files where this is found. */
  readonly unless?: RegExp;
}

const REMOTE = String.raw`['"\x60]https?:\/\/(?!localhost|127\.|\[::1\]|\$\{)`;

const javascriptRules: readonly Rule[] = [
  { pattern: /\b(?:test|it|describe|suite|context)\.(?:only|skip|todo|fails|failing)\b|\b(?:xit|xtest|xdescribe|fit|fdescribe)\s*\(|[{,]\s*(?:skip|todo|only)\s*:\s*(?!false)|\bt\.(?:skip|todo)\s*\(/, problem: 'uses only, skip or todo' },
  { pattern: /\bsetTimeout\s*\(|\bsetInterval\s*\(|timers\/promises|\bsleep\s*\(/, problem: 'sleeps; wait for an event, or use the runner\'s fake timers', unless: /useFakeTimers|mock\.timers/ },
  { pattern: new RegExp(String.raw`\b(?:fetch|get|post|request|axios(?:\.\w+)?)\s*\(\s*${REMOTE}`), problem: 'reaches for the network' },
  { pattern: /\bMath\.random\s*\(|\brandomUUID\s*\(/, problem: 'uses random values; give fixed ones' },
  { pattern: /toMatchSnapshot|toMatchInlineSnapshot\s*\(\s*\)|assert\.snapshot|toMatchFileSnapshot/, problem: 'compares with a snapshot that does not exist yet; write the expected value' },
];
const pythonRules: readonly Rule[] = [
  { pattern: /@(?:unittest\.)?(?:skip|skipIf|skipUnless|expectedFailure)\b|pytest\.(?:mark\.(?:skip|skipif|xfail)|skip|xfail|importorskip)\b|\.skipTest\s*\(/, problem: 'skips tests or expects them to fail' },
  { pattern: /\b(?:time|asyncio)\.sleep\s*\(|^\s*sleep\s*\(/m, problem: 'sleeps; wait for a condition, or patch the clock' },
  { pattern: new RegExp(String.raw`\b(?:urlopen|requests\.\w+|httpx\.\w+)\s*\(\s*${REMOTE}`), problem: 'reaches for the network' },
  { pattern: /\brandom\.(?:random|randint|choice|shuffle)\s*\(|\buuid4\s*\(/, problem: 'uses random values; give fixed ones' },
];

const javascriptAssertion = /\bassert\b|\bexpect\s*[.(]|\.should\b|\.(?:rejects|throws|ok|equal|deepEqual)\s*\(/;
const pythonAssertion = /\bassert\b|\.assert\w+\s*\(|\braises\s*\(|\.fail\s*\(|pytest\.fail/;

/** Names of a file's own functions that assert, so that a test may assert through them. */
function assertingHelpers(text: string): string[] {
  const starts = [...text.matchAll(/^\s*(?:async\s+)?function\s+([\w$]+)|^\s*(?:const|let)\s+([\w$]+)\s*=\s*(?:async\s*)?(?:\(|[\w$]+\s*=>)/gm)];
  return starts.flatMap((match, index) => {
    const body = text.slice(match.index, starts[index + 1]?.index ?? text.length);
    const name = match[1] ?? match[2];
    return name !== undefined && javascriptAssertion.test(body.slice(match[0].length)) ? [name] : [];
  });
}

const escaped = (name: string): string => name.replaceAll('$', '\\$');
const calls = (text: string, names: readonly string[]): boolean => names.some((name) => new RegExp(`(?<![\\w$])${escaped(name)}\\s*\\(`).test(text));

function javascriptTests(text: string): { name: string; body: string }[] {
  const starts = [...text.matchAll(/(?<![.\w$])(?:test|it)(?:\.(?:each|concurrent|only|skip|todo)\b[^\n]*?)?\s*\(\s*(['"`])((?:\\.|(?!\1).)*)\1/g)];
  return starts.map((match, index) => ({ name: match[2]!, body: text.slice(match.index + match[0].length, starts[index + 1]?.index ?? text.length) }));
}

/** A function goes on to the next head that is indented no deeper than its own: functions inside it are part of it. */
function pythonFunctions(text: string): { name: string; body: string }[] {
  return [...text.matchAll(/^([ \t]*)(?:async\s+)?def\s+(\w+)/gm)].map((match) => {
    const rest = text.slice(match.index + match[0].length);
    const end = new RegExp(`^[ \\t]{0,${match[1]!.length}}(?:def|async|class|@)`, 'm').exec(rest);
    return { name: match[2]!, body: rest.slice(0, end?.index ?? rest.length) };
  });
}

function pythonParts(text: string): { tests: { name: string; body: string }[]; helpers: string[] } {
  const functions = pythonFunctions(text);
  const isTest = ({ name }: { name: string }): boolean => name.startsWith('test');
  return { tests: functions.filter(isTest), helpers: functions.filter((one) => !isTest(one) && pythonAssertion.test(one.body)).map(({ name }) => name) };
}

const withoutComments = (text: string, python: boolean): string =>
  (python ? text.replace(/^\s*#[^\n]*/gm, '') : text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/[^\n]*/gm, ''));

function lintFile(path: string, source: string): string[] {
  const python = path.endsWith('.py');
  const text = withoutComments(source, python);
  const findings = (python ? pythonRules : javascriptRules).filter(({ pattern, unless }) => pattern.test(text) && unless?.test(text) !== true).map(({ problem }) => `${path}: ${problem}`);
  const { tests, helpers } = python ? pythonParts(text) : { tests: javascriptTests(text), helpers: assertingHelpers(text) };
  if (tests.length === 0) return [...findings, `${path}: holds no test with a fixed name`];
  const assertion = python ? pythonAssertion : javascriptAssertion;
  return [...findings, ...tests.filter(({ body }) => !assertion.test(body) && !calls(body, helpers)).map(({ name }) => `${path}: "${name}" asserts nothing`)];
}

/**
 * What must be true of test files before anybody may write code against them, as far as reading can tell; problems in the order
 * of the paths, none when all is well. It reads only JavaScript, TypeScript and Python.
 */
export function lintTests(plan: Pick<TestPlan, 'ecosystem'>, files: Readonly<Record<string, string>>): string[] {
  if (plan.ecosystem === 'other') return [];
  return Object.keys(files).sort().filter((path) => /\.([cm]?[jt]sx?|py)$/.test(path)).flatMap((path) => lintFile(path, files[path]!));
}
