import { docsIndexed, docsIndexFailed, docsIndexProgressed, docsIndexRequested, redisKeys, retryable, type DataOf, type EventDefinition, type Problem } from '@cascade/contracts';
import { readHostConfig } from '@cascade/service-host';
import { createConnection, EventPublisher, fieldsOf, type RedisSettings } from '@cascade/streams';
import type { Redis } from 'ioredis';
import { exitCodeOfError, exitCodes } from '../exit-codes.js';
import { reportProblem } from '../report-problem.js';
import { harmless, type Screen } from '../screen.js';
import type { DocsCall } from './arguments.js';
import { withDocsServices } from './docs-services.js';

/** Nothing moves for so long: whoever indexed is gone, and will go on when it is back. */
const PATIENCE_MS = 15 * 60_000;
const BLOCK_MS = 5_000;

type Told = { readonly definition: EventDefinition; readonly data: unknown };

/** `cascade docs index`: asks for it, shows how far it is, and how it ended. */
export async function index(call: DocsCall, env: NodeJS.ProcessEnv, screen: Screen): Promise<number> {
  return withDocsServices(call, env, screen, async (place) => {
    const redis = readHostConfig(place.env).partitionFor(call.repository);
    for await (const { definition, data } of indexing(call, redis)) {
      if (definition === docsIndexProgressed) showProgress(data as DataOf<typeof docsIndexProgressed>, call, screen);
      else if (definition === docsIndexed) return showIndexed(data as DataOf<typeof docsIndexed>, call, screen);
      else {
        const { problem } = data as DataOf<typeof docsIndexFailed>;
        reportProblem({ ...problem, kind: 'terminal' } as Problem, screen);
        return exitCodeOfError(problem);
      }
    }
    return exitCodes.failed;
  });
}

/** What is published about the indexing that this asks for, in the order of time. */
async function* indexing({ repository, branch }: DocsCall, settings: RedisSettings): AsyncGenerator<Told> {
  const publisher = new EventPublisher({ redis: settings });
  const reader = createConnection({ ...settings, name: 'cascade-cli', role: 'waiting' });
  try {
    const streams = new Follower(reader, [docsIndexProgressed, docsIndexed, docsIndexFailed]);
    await streams.begin();
    const { cascadeId } = await publisher.publish(docsIndexRequested, { repository, ...(branch === undefined ? {} : { branch }) });
    for (let since = performance.now(); performance.now() - since < PATIENCE_MS;) {
      for (const told of await streams.next(cascadeId)) {
        since = performance.now();
        yield told;
      }
    }
    throw retryable('CASC_COMMAND_TIMEOUT', 'Nobody indexes the repository.', { advice: 'Is docs-indexer running? `cascade lag` shows what waits.' });
  } finally {
    reader.disconnect();
    await publisher.close();
  }
}

class Follower {
  private readonly places = new Map<string, string>();

  constructor(private readonly redis: Redis, private readonly definitions: readonly EventDefinition[]) {}

  /** From here on; what is in the streams already is about others. */
  async begin(): Promise<void> {
    for (const { type } of this.definitions) {
      const [newest] = await this.redis.xrevrange(redisKeys.stream(type), '+', '-', 'COUNT', 1);
      this.places.set(redisKeys.stream(type), newest?.[0] ?? '0');
    }
  }

  async next(cascadeId: string): Promise<Told[]> {
    const read = await this.redis.xread('BLOCK', BLOCK_MS, 'STREAMS', ...this.places.keys(), ...this.places.values()) ?? [];
    return read.flatMap(([stream, entries]) => {
      const definition = this.definitions.find(({ type }) => redisKeys.stream(type) === stream)!;
      this.places.set(stream, entries.at(-1)?.[0] ?? '0');
      return entries.map(([, list]) => fieldsOf(list)).filter((fields) => fields['correlationid'] === cascadeId)
        .flatMap((fields) => {
          const parsed = definition.schema.safeParse(JSON.parse(fields['data'] ?? 'null'));
          return parsed.success ? [{ definition, data: parsed.data }] : [];
        });
    });
  }
}

function showProgress(data: DataOf<typeof docsIndexProgressed>, { json }: DocsCall, screen: Screen): void {
  if (json) screen.data(JSON.stringify({ type: docsIndexProgressed.type, ...data }));
  else screen.notice(screen.style('dim', `${harmless(data.branch)}: ${data.phase}${data.total === 0 ? '' : ` ${data.done} of ${data.total}`}`));
}

function showIndexed(data: DataOf<typeof docsIndexed>, { json }: DocsCall, screen: Screen): number {
  if (json) {
    screen.data(JSON.stringify({ type: docsIndexed.type, ...data }));
    return exitCodes.done;
  }
  const skipped = Object.entries(data.skipped).map(([reason, count]) => `${count} ${reason}`);
  screen.data(`${screen.dataStyle('bold', harmless(data.branch))} at ${data.commit.slice(0, 10)}: ${data.files} files, ${data.functions} functions, ${data.classes} classes, ${data.pages} sections, ${data.edges} edges`);
  screen.notice(`${data.how}: ${data.parsed} files read, ${data.reused} known${skipped.length === 0 ? '' : `; skipped ${harmless(skipped.join(', '))}`}; ${(data.tookMs / 1000).toFixed(1)} s`);
  return exitCodes.done;
}
