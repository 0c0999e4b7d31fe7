/** What clap refuses, with exit code 2. */
export class UsageError extends Error {}

// Long names by short ones, and how many values each takes: 0, 1, or '?' for an optional one.
const global = { 'current-dir': { short: 'C', values: 1 }, json: { values: 0 }, 'status-after': { values: 0 } };
const place = { above: { short: 'A', values: 1 }, below: { short: 'B', values: 1 } };
const commands = {
  setup: { options: { init: { values: 0 } }, positional: [0, 0] },
  teardown: { options: { 'checkout-to': { values: 1 } }, positional: [0, 0] },
  status: { options: { files: { short: 'f', values: 0 }, verbose: { short: 'v', values: 0 }, upstream: { short: 'u', values: 0 }, review: { short: 'r', values: 0 }, 'no-hint': { values: 0 } }, positional: [0, 0] },
  'branch new': { options: { ...place, switch: { values: 0 } }, positional: [0, 1] },
  commit: { options: { ...place, message: { short: 'm', values: 1, many: true }, 'no-message': { values: 0 }, branch: { short: 'b', values: '?' }, empty: { values: 0 }, interactive: { short: 'i', values: 0 }, 'allow-merged': { values: 0 } }, positional: [0, Infinity] },
  move: { options: { above: { values: 1 }, below: { values: 1 }, branch: { short: 'b', values: 1 }, unstack: { values: 0 } }, positional: [1, Infinity] },
  push: { options: { 'with-stack': { short: 's', values: 0 }, 'no-hooks': { values: 0 }, 'dry-run': { short: 'd', values: 0 } }, positional: [0, 1] },
  undo: { options: {}, positional: [0, 0] },
  'config metrics': { options: {}, positional: [0, 1] },
};
// What people still quote, and 0.22 no longer has.
const retired = new Set(['rub', 'stage', 'unstage', 'mark', 'unmark', 'init', 'base', 'describe', 'worktree', 'merge']);

/** The call that an argv is: command, options by long name, positional arguments. Throws `UsageError`. */
export function parse(argv) {
  const state = { options: {}, words: [], help: false };
  let spec = {};
  for (let index = 0; index < argv.length; index += 1) {
    const word = argv[index];
    if (word === '--help') state.help = true;
    else if (word.startsWith('-') && word !== '-') index = option(argv, index, spec, state.options);
    else {
      state.words.push(word);
      spec = commands[nameOf(state.words)]?.options ?? spec;
    }
  }
  return checked(state);
}

const nameOf = (words) => (commands[words.slice(0, 2).join(' ')] === undefined ? words[0] ?? '' : words.slice(0, 2).join(' '));

function option(argv, index, spec, into) {
  const [, dashes, text, attached] = /^(--?)([^=]+)(?:=(.*))?$/s.exec(argv[index]);
  const known = { ...global, ...spec };
  const name = dashes === '--' ? text : Object.keys(known).find((one) => known[one].short === text);
  const option = name === undefined ? undefined : known[name];
  if (option === undefined) throw new UsageError(`unexpected argument '${argv[index]}' found`);
  if (option.values === 0) {
    into[name] = true;
    return index;
  }
  const next = argv[index + 1];
  const value = attached ?? (next === undefined || next.startsWith('-') ? undefined : next);
  if (value === undefined && option.values === 1) throw new UsageError(`a value is required for '${argv[index]}' but none was supplied`);
  if (into[name] !== undefined && !option.many) throw new UsageError(`the argument '--${name}' cannot be used multiple times`);
  into[name] = option.many ? [...into[name] ?? [], value] : value ?? '';
  return attached === undefined && value !== undefined ? index + 1 : index;
}

function checked({ options, words, help }) {
  const command = nameOf(words);
  const spec = commands[command];
  if (spec === undefined || retired.has(command)) throw new UsageError(`unrecognized subcommand '${command}'`);
  if (help) return { help: `Usage: but ${command} [OPTIONS]\n${Object.keys(spec.options).map((name) => `  --${name}`).join('\n')}` };
  const positional = words.slice(command.split(' ').length);
  const [least, most] = spec.positional;
  if (positional.length < least || positional.length > most) throw new UsageError(`wrong number of arguments for '${command}'`);
  if (command === 'commit' && (options.message === undefined) === (options['no-message'] === undefined)) throw new UsageError('either --message or --no-message is needed');
  if ([options.branch, options.above, options.below, options.unstack].filter((one) => one !== undefined).length > 1) throw new UsageError('the targets exclude each other');
  return { command, options, positional };
}
