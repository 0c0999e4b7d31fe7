import { CascadeDirectory } from '@cascade/state';
import { withPlace, type CommandContext, type SharedOptions } from '../command-context.js';
import { exitCodes } from '../exit-codes.js';
import { isRemote, withPartitions } from '../place.js';
import { harmless, oneLine } from '../screen.js';

/** Lists cascades, newest first; one JSON object per line with --json. Reads only. */
export async function list(options: SharedOptions & { readonly limit?: number }, context: CommandContext): Promise<number> {
  const { screen, env, command } = context;
  const limit = options.limit ?? 50;
  return withPlace(context, isRemote(env, options.remote), async (place) => {
    const records = await withPartitions(place, (partitions) => new CascadeDirectory(partitions).list(limit));
    if (records.length === 0) screen.notice(`No cascade yet. \`${command} run "<request>" --repo <path>\` starts one.`);
    for (const record of records) {
      screen.data(options.json === true
        ? JSON.stringify(record)
        : `${record.id}  ${record.state.padEnd(9)}  ${record.createdAt.slice(0, 16).replace('T', ' ')}  ${oneLine(harmless(record.repository), 40).padEnd(40)}  ${oneLine(record.request, 60)}`);
    }
    return exitCodes.done;
  });
}
