import path from 'node:path';
import { parseArgs } from 'node:util';

/** What `cascade docs …` was asked. */
export interface DocsCall {
  readonly verb: Verb;
  readonly repository: string;
  readonly branch?: string;
  /** Fields of the question beside where it is asked of. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly json: boolean;
  readonly remote: boolean;
}

interface VerbShape {
  readonly argument?: string;
  readonly says: string;
  /** Own options with the field that they set. */
  readonly options?: Readonly<Record<string, 'number' | 'list'>>;
}

export const verbs = {
  index: { says: 'read a repository, or what changed in it since' },
  search: { argument: 'query', says: 'functions, classes and sections of documents for words or names', options: { limit: 'number', kind: 'list' } },
  deps: { argument: 'symbol', says: 'what a symbol calls', options: { depth: 'number' } },
  callers: { argument: 'symbol', says: 'what calls a symbol', options: { depth: 'number' } },
  impact: { argument: 'symbol', says: 'what a change of a symbol can break, and the tests that reach it', options: { depth: 'number' } },
  describe: { argument: 'symbol', says: 'one symbol with its documentation, callers, calls and tests' },
  map: { says: 'the repository in so many tokens', options: { tokens: 'number' } },
  stats: { says: 'how much is indexed' },
} as const satisfies Record<string, VerbShape>;
export type Verb = keyof typeof verbs;

/** A wrong command line; the message says what is wrong. */
export class DocsUsageError extends Error {}

const optionText = { limit: '--limit <number>      at most so many (default 10)', kind: '--kind <kind>         only function, class or document; may be given several times', depth: '--depth <number>      calls between', tokens: '--tokens <number>     at most so long (default 1000)' };

export const usage = `Usage: cascade docs <command> [options]

Asks the documentation graph of a repository: its functions, classes and documents, and what calls what.

Commands:
${Object.entries<VerbShape>(verbs).map(([verb, { argument, says }]) => `  ${`${verb}${argument === undefined ? '' : ` <${argument}>`}`.padEnd(18)} ${says}`).join('\n')}

Options:
  --repo <path or URL>  the repository (default: the folder you are in)
  --branch <name>       its branch (default: the current one)
${Object.values(optionText).map((text) => `  ${text}`).join('\n')}
  --json                the answer as one JSON object on stdout
  --remote              services run elsewhere (REDIS_URL); also CASCADE_DEPLOYMENT=remote`;

/** Throws `DocsUsageError`; gives nothing when help is asked for. Bounds of numbers are for the service to say. */
export function parseDocsCall(args: readonly string[], env: NodeJS.ProcessEnv): DocsCall | undefined {
  const [verb = '', ...rest] = args;
  if (['', '--help', '-h', 'help'].includes(verb) || rest.includes('--help')) return undefined;
  if (!Object.hasOwn(verbs, verb)) throw new DocsUsageError(`There is no command docs ${verb}.`);
  const shape: VerbShape = verbs[verb as Verb];
  const { values, positionals } = parsed(rest, shape);
  const text = positionals.join(' ').trim();
  if (shape.argument !== undefined && text === '') throw new DocsUsageError(`docs ${verb} needs a ${shape.argument}.`);
  if (shape.argument === undefined && text !== '') throw new DocsUsageError(`docs ${verb} takes no argument.`);
  return {
    verb: verb as Verb, repository: addressOf(oneOf(values['repo']) ?? '.'),
    ...(oneOf(values['branch']) === undefined ? {} : { branch: oneOf(values['branch'])! }),
    fields: { ...(shape.argument === undefined ? {} : { [shape.argument]: text }), ...fieldsOf(shape, values) },
    json: values['json'] === true, remote: values['remote'] === true || env['CASCADE_DEPLOYMENT'] === 'remote',
  };
}

type Values = Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;

const oneOf = (value: Values[string]): string | undefined => (typeof value === 'string' ? value : undefined);

function fieldsOf({ options = {} }: VerbShape, values: Values): Record<string, unknown> {
  return Object.fromEntries(Object.entries(options).flatMap(([name, kind]): [string, unknown][] => {
    const value = values[name];
    if (value === undefined) return [];
    return kind === 'list' ? [[`${name}s`, value]] : [[name, numberOf(name, oneOf(value) ?? '')]];
  }));
}

function parsed(args: readonly string[], { options = {} }: VerbShape): { readonly values: Values; readonly positionals: readonly string[] } {
  const own = Object.fromEntries(Object.entries(options).map(([name, kind]) => [name, { type: 'string' as const, multiple: kind === 'list' }]));
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options: { repo: { type: 'string' }, branch: { type: 'string' }, json: { type: 'boolean' }, remote: { type: 'boolean' }, ...own } });
  } catch (error) {
    throw new DocsUsageError((error as Error).message);
  }
}

function numberOf(name: string, text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number <= 0) throw new DocsUsageError(`--${name} must be a whole number greater than 0.`);
  return number;
}

/** Services do not know where we are; addresses of other machines stay as they are. */
const addressOf = (repo: string): string => (/^[A-Za-z][A-Za-z0-9+.-]*:\/\/|^[^/]+@[^/]+:/.test(repo) ? repo : path.resolve(repo));
