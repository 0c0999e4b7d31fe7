import { Option, type Command } from 'commander';
import { accessScopes } from '@cascade/service-host';
import type { CommandContext } from './command-context.js';

/** `cascade api token …`: who may use the API. */
export function addApi(program: Command, context: CommandContext, finish: (exitCode: number) => void, json: () => Option): void {
  const token = program.command('api').description('the HTTP API of this deployment').command('token').description('make, show and revoke the tokens that it asks for');
  const load = () => import('./commands/api-token.js');
  token.command('create').description('make a token; it is shown this once').argument('<name>', 'for whom or what')
    .addOption(new Option('--scope <scope>', 'what it may do: look, or also run cascades, or also operate').choices([...accessScopes]).default('run')).addOption(json())
    .action(async (name, options) => finish(await (await load()).create(name, options, context)));
  token.command('list').description('show the tokens\' names and scopes').addOption(json())
    .action(async (options) => finish(await (await load()).list(options, context)));
  token.command('revoke').description('refuse a token from now on').argument('<name>').addOption(json())
    .action(async (name, options) => finish(await (await load()).revoke(name, options, context)));
}
