import type { Command, Option } from 'commander';
import type { CommandContext } from './command-context.js';

interface SharedOptions {
  readonly json: () => Option;
  readonly remote: () => Option;
}

/** `cascade github …`: connecting a repository, and looking how the mirror stands. */
export function addGithub(program: Command, context: CommandContext, finish: (exitCode: number) => void, { json, remote }: SharedOptions): void {
  const github = program.command('github').description('mirror work items to GitHub: set a repository up, see how the mirror stands');
  github.command('setup').description('make or update the hook and the labels of a repository, and name the permissions that are missing')
    .requiredOption('--repo <owner/name>', 'the repository on GitHub')
    .requiredOption('--url <address>', 'where GitHub reaches github-webhook, e.g. https://cascade.example.com')
    .option('--path <folder>', 'cascades on this local repository belong to it, too').addOption(json()).addOption(remote())
    .action(async (options) => finish(await (await import('./commands/github-setup.js')).setup(options, context)));
  github.command('status').description('show what waits to be mirrored, what was given up, hooks and limits').addOption(json()).addOption(remote())
    .action(async (options) => finish(await (await import('./commands/github-status.js')).status(options, context)));
}
