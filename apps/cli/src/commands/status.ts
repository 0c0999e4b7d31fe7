import { withCascades, withPlace, type CommandContext, type SharedOptions } from '../command-context.js';
import { tellEnding } from '../ending.js';
import { exitCodes } from '../exit-codes.js';
import { tierName } from '../progress-model.js';
import { isRemote } from '../place.js';
import { harmless, oneLine } from '../screen.js';
import { usageText } from '../summary.js';
import { Agents, type AgentRecord, type CascadeRecord } from '@cascade/state';

/** Shows where a cascade stands. Reads only; exit code 0 whatever the state is. */
export async function status(id: string, options: SharedOptions, context: CommandContext): Promise<number> {
  const { env, screen } = context;
  return withPlace(context, isRemote(env, options.remote), (place) => withCascades(place, async (cascades, redis) => {
    const record = await cascades.require(id);
    const agents = await new Agents(redis).list(id);
    if (options.json === true) screen.data(JSON.stringify({ ...record, agents }));
    else tell(record, agents, context);
    return exitCodes.done;
  }), id);
}

function tell(record: CascadeRecord, agents: readonly AgentRecord[], { screen, command }: CommandContext): void {
  const row = (name: string, value: string): void => screen.data(`${name.padEnd(11)} ${value}`);
  row('cascade', record.id);
  row('state', record.state);
  row('request', oneLine(record.request, 100));
  row('repository', `${harmless(record.repository)}${record.branch === undefined ? '' : ` (${harmless(record.branch)})`}`);
  row('started', record.createdAt);
  row('deadline', record.deadlineLeftMs === undefined ? record.deadline : `paused, ${Math.ceil(record.deadlineLeftMs / 60_000)} min left; waits until ${record.deadline}`);
  if (record.tier !== undefined) row('tier', tierName(record.tier));
  row('model', usageText(record));
  if (record.cleanUp === 'parked') row('clean-up', `parked: ${oneLine(harmless(record.cleanUpProblem?.message ?? ''), 100)}`);
  for (const agent of agents) row('agent', `${agent.id}  ${agent.state}  ${harmless(agent.folder)}`);
  if (record.cleanUp === 'parked') screen.notice(`\nSomething could not be taken back. Try again:  ${command} clean-up ${record.id}`);
  if (record.state !== 'running') tellEnding(record, { json: false, screen, command });
  else screen.notice(`\nFollow it:  ${command} watch ${record.id}\nGo on after an interruption:  ${command} resume ${record.id}`);
}
