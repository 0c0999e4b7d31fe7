import { gitReadFiles, isCascadeError, terminal } from '@cascade/contracts';
import { Approvals, Cascades, type Review } from '@cascade/state';
import { CommandClient, createConnection, type RedisSettings } from '@cascade/streams';
import { harmless, type Screen } from './screen.js';

/** How long running services get to answer. */
const PATIENCE_MS = 30_000;
const MAX_BYTES = 1_000_000;

export interface Showing {
  readonly redis: RedisSettings;
  readonly id: string;
  readonly path: string;
  readonly screen: Screen;
}

/** What was put up for approval last. Throws, terminal: `CASC_CASCADE_UNKNOWN`, `CASC_NOTHING_TO_SHOW`. */
export async function reviewOf(settings: RedisSettings, id: string): Promise<Review> {
  const redis = createConnection({ ...settings, name: 'cascade-show', role: 'commands' });
  redis.on('error', () => undefined); // it connects again by itself
  try {
    await new Cascades(redis).require(id);
    const review = await new Approvals(redis).review(id);
    if (review === undefined) throw terminal('CASC_NOTHING_TO_SHOW', `Nothing of cascade ${id} has been put up for approval.`, { advice: 'Name what you want to approve with --approve when you start it; other documents are in the result branch.' });
    return review;
  } finally {
    redis.disconnect();
  }
}

/** Prints one document that is to be approved, as it is in Cascade's own copy of the repository. Throws what `reviewOf` throws, and `CASC_NOTHING_TO_SHOW`. */
export async function showDocument({ redis, id, path, screen }: Showing): Promise<void> {
  const { repositoryId, commit, paths } = await reviewOf(redis, id);
  const commands = new CommandClient({ redis });
  try {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const { files } = await commands.send(gitReadFiles, { repositoryId, commit, paths: [path], maxBytes: MAX_BYTES }, { key: `show/${commit}/${path}`, cascadeId: id, signal });
    const [file] = files;
    if (file === undefined) throw terminal('CASC_NOTHING_TO_SHOW', `There is no readable document ${JSON.stringify(path)}.`, { findings: paths, advice: `\`cascade show ${id}\` lists the documents.` });
    screen.data(harmless(file.text).trimEnd());
  } catch (error) {
    if (!isCascadeError(error) || error.code !== 'CASC_COMMAND_TIMEOUT') throw error;
    throw terminal('CASC_NOTHING_TO_SHOW', 'No service answers that could read the document.', { advice: `\`cascade resume ${id}\` or \`cascade up\`, in another terminal, starts the services.` });
  } finally {
    await commands.close();
  }
}
