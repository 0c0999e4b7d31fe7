import { Option, type Command } from 'commander';
import type { CommandContext } from './command-context.js';

interface SharedOptions {
  readonly json: () => Option;
  readonly remote: () => Option;
  readonly positive: (text: string) => number;
}

/** `cascade dlq …`: what to do with the entries that nobody tries again. */
export function addDlq(program: Command, context: CommandContext, finish: (exitCode: number) => void, { json, remote, positive }: SharedOptions): void {
  const dlq = program.command('dlq').description('look at events that nobody tries again (dead letters), deliver them once more, or remove them');
  const service = (): Option => new Option('--service <name>', 'only those of this service');
  const code = (): Option => new Option('--code <code>', 'only those with this error code');
  const all = (): Option => new Option('--all', 'all of them');
  const load = () => import('./commands/dlq.js');
  dlq.command('list').description('show dead letters, oldest first').addOption(service()).addOption(code())
    .option('--limit <number>', 'at most so many (default 50)', positive).addOption(json()).addOption(remote())
    .action(async (options) => finish(await (await load()).list(options, context)));
  dlq.command('show').description('show one with every attempt').argument('<id>').addOption(service()).addOption(json()).addOption(remote())
    .action(async (id, options) => finish(await (await load()).show(id, options, context)));
  dlq.command('retry').description('deliver one, or several, once more to their service').argument('[id]').addOption(service()).addOption(code()).addOption(all()).addOption(json()).addOption(remote())
    .action(async (id, options) => finish(await (await load()).retry(id, options, context)));
  dlq.command('drop').description('remove one, or several, for good').argument('[id]').addOption(service()).addOption(code()).addOption(all()).addOption(json()).addOption(remote())
    .action(async (id, options) => finish(await (await load()).drop(id, options, context)));
}
