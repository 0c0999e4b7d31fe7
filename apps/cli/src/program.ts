import { Command, InvalidArgumentError, Option } from 'commander';
import { approvalGates } from '@cascade/contracts';
import { priorities } from '@cascade/contracts';
import type { CommandContext } from './command-context.js';
import { addApi } from './api-program.js';
import { addDlq } from './dlq-program.js';
import { exitCodes } from './exit-codes.js';
import { addGithub } from './github-program.js';

/** Sets the command line up; `finish` gets the exit code of the command that ran. Commands are loaded when they run. */
export function buildProgram(context: CommandContext, finish: (exitCode: number) => void): Command {
  const program = new Command('cascade')
    .description('Turns one request against one git repository into tested, committed code.')
    .exitOverride()
    .configureOutput({ writeOut: (text) => context.screen.data(text.trimEnd()), writeErr: (text) => context.screen.notice(text.trimEnd()) })
    .addHelpText('after', '\nExit codes: 0 done, 2 usage or configuration, 3 failed, 4 timed out, 5 cancelled, 6 waiting for input, 7 budget, 130 interrupted.')
    .showHelpAfterError('(--help shows what is possible)');
  addRun(program, context, finish);
  addFollowers(program, context, finish);
  addOthers(program, context, finish);
  program.command('docs').description('ask the documentation graph of a repository: docs --help').argument('[arguments...]').allowUnknownOption().helpOption(false)
    .action(async (args) => finish(await (await import('./docs/docs.js')).docs(args, context.env, context.screen)));
  addApi(program, context, finish, json);
  addDlq(program, context, finish, { json, remote, positive: positive(true) });
  addGithub(program, context, finish, { json, remote });
  return program;
}

const remote = (): Option => new Option('--remote', 'services run elsewhere (REDIS_URL): only publish and watch; also CASCADE_DEPLOYMENT=remote');
const noWait = (): Option => new Option('--no-wait', 'end (exit code 6) where the cascade waits for a person');
const json = (): Option => new Option('--json', 'one JSON object per line on stdout');

function addRun(program: Command, context: CommandContext, finish: (exitCode: number) => void): void {
  program.command('run').description('ask for a change and follow it to its end').argument('<request>', 'what to do, in words')
    .requiredOption('--repo <path or URL>', 'the repository')
    .option('--branch <name>', 'start from this branch (default: the repository\'s current one)')
    .option('--epic-name <name>', 'name of the epic, and of the result branch')
    .option('--test-command <command>', 'how the repository runs its tests (default: detected)')
    .option('--budget-tokens <number>', 'most model tokens to spend', positive(true))
    .option('--budget-usd <number>', 'most money to spend; needs prices (CASCADE_USD_PER_1M_…)', positive(false))
    .option('--tenant <name>', 'whose budget counts too (default: default)')
    .option('--deadline-minutes <number>', 'give up after so long (default 60)', positive(false))
    .addOption(new Option('--deadline-while-waiting <how>', 'whether the deadline stands still while you are asked (default pause)').choices(['pause', 'run']))
    .addOption(new Option('--priority <priority>', 'before or after other cascades (default NORMAL)').choices([...priorities]))
    .addOption(new Option('--clarifications <how>', 'what to do about open questions (default assume)').choices(['assume', 'ask']))
    .option('--approve <gates>', `ask you before going on: any of ${approvalGates.join(',')}`, listed)
    .addOption(noWait()).addOption(json()).addOption(remote())
    .action(async (request, options) => finish(await (await import('./commands/run.js')).run(request, options, context)));
}

function addFollowers(program: Command, context: CommandContext, finish: (exitCode: number) => void): void {
  program.command('watch').description('follow a cascade that is running').argument('<id>').addOption(noWait()).addOption(json()).addOption(remote())
    .action(async (id, options) => finish(await (await import('./commands/watch.js')).watch(id, options, context)));
  program.command('resume').description('go on with a cascade that was interrupted').argument('<id>').addOption(noWait()).addOption(json()).addOption(remote())
    .action(async (id, options) => finish(await (await import('./commands/resume.js')).resume(id, options, context)));
  program.command('status').description('show where a cascade stands').argument('<id>').addOption(json()).addOption(remote())
    .action(async (id, options) => finish(await (await import('./commands/status.js')).status(id, options, context)));
  program.command('list').description('show all cascades, newest first').option('--limit <number>', 'at most so many (default 50)', positive(true)).addOption(json()).addOption(remote())
    .action(async (options) => finish(await (await import('./commands/list.js')).list(options, context)));
}

function addOthers(program: Command, context: CommandContext, finish: (exitCode: number) => void): void {
  program.command('up').description('run all services in this process until ^C')
    .action(async () => finish(await (await import('./commands/up.js')).up(context)));
  program.command('mcp').description('serve the Model Context Protocol on stdin and stdout, for a program that starts this one').addOption(remote())
    .action(async (options) => finish(await (await import('./commands/mcp.js')).mcp(options, context)));
  program.command('cancel').description('end a cascade').argument('<id>').option('--reason <text>', 'why').addOption(json()).addOption(remote())
    .action(async (id, options) => finish(await (await import('./commands/cancel.js')).cancel(id, options, context)));
  program.command('lag').description('show how far each service is behind').option('--all', 'streams where nothing waits, too').addOption(json()).addOption(remote())
    .action(async (options) => finish(await (await import('./commands/lag.js')).lag(options, context)));
  program.command('budget').description('show what a tenant may spend and has spent, or set its ceilings').argument('[tenant]', 'whose (default: default)', 'default')
    .option('--tokens <number>', 'most tokens of all its cascades together', positive(true)).option('--usd <number>', 'most money', positive(false)).addOption(json()).addOption(remote())
    .action(async (tenant, options) => finish(await (await import('./commands/budget.js')).budget(tenant, options, context)));
  program.command('clean-up').description('try again to take back what an ended cascade left behind').argument('<id>').addOption(json()).addOption(remote())
    .action(async (id, options) => finish(await (await import('./commands/clean-up.js')).cleanUp(id, options, context)));
  program.command('answer').description('answer a question that a cascade waits with').argument('<id>').argument('[name]', 'of the question').argument('[text]', 'asked for on a terminal').addOption(remote())
    .action(async (id, name, text, options) => finish(await (await import('./commands/answer.js')).answer(id, name, text, options, context)));
  program.command('show').description('show what is to be approved').argument('<id>').argument('[path]', 'of one document; all are listed without').addOption(remote())
    .action(async (id, path, options) => finish(await (await import('./commands/show.js')).show(id, path, options, context)));
  program.command('doctor').description('look at everything that a cascade needs on this machine')
    .option('--gitbutler', 'instead, try out whether GitButler\'s `but` does here what Cascade needs of it').addOption(json())
    .action(async (options) => finish(await (await import('./commands/doctor.js')).doctor(options, context)));
}

/** Words between commas; which are known is for the event's schema to say. */
const listed = (text: string): string[] => [...new Set(text.split(',').map((word) => word.trim()).filter((word) => word !== ''))];

function positive(whole: boolean): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!(value > 0) || (whole && !Number.isSafeInteger(value))) throw new InvalidArgumentError(`It must be a ${whole ? 'whole ' : ''}number greater than 0.`);
    return value;
  };
}

/** Exit code of an error that commander itself throws: 0 for help, 2 for a mistake. */
export const exitCodeOfUsage = (code: string): number => (/help|version/.test(code) ? exitCodes.done : exitCodes.usage);
