import path from 'node:path';
import { cascadeRequested, newEventId, terminal, type DataOf } from '@cascade/contracts';
import { parseSource } from '@cascade/git';
import { modelSource, requireModelConfig } from '@cascade/llm';
import { readHostConfig } from '@cascade/service-host';
import { names, traced } from '@cascade/telemetry';
import { EventPublisher } from '@cascade/streams';
import { withPlace, type CommandContext, type FollowOptions } from '../command-context.js';
import { REDIS_PATIENCE_MS } from '../follow.js';
import { isRemote, type Place } from '../place.js';
import { withServices } from '../with-services.js';

export interface RunOptions extends FollowOptions {
  readonly repo: string;
  readonly branch?: string;
  readonly epicName?: string;
  readonly testCommand?: string;
  readonly budgetTokens?: number;
  readonly budgetUsd?: number;
  readonly tenant?: string;
  readonly deadlineMinutes?: number;
  readonly deadlineWhileWaiting?: string;
  readonly clarifications?: string;
  readonly priority?: string;
  readonly approve?: readonly string[];
}

/** Asks for a change and follows it to its end. Everything that can be wrong before is found before anything is written. */
export async function run(request: string, options: RunOptions, context: CommandContext): Promise<number> {
  const remote = isRemote(context.env, options.remote);
  const data = await requestedData(request, options, remote);
  if (!remote) context.screen.notice(context.screen.style('dim', `Model: ${modelSource(requireModelConfig(context.env))}`));
  return withPlace(context, remote, (place) => runIn({ ...place, redis: readHostConfig(place.env).partitionFor(data.repository) }, { data, remote, json: options.json === true, wait: options.wait !== false }, context));
}

interface Asked {
  readonly data: DataOf<typeof cascadeRequested>;
  readonly remote: boolean;
  readonly json: boolean;
  readonly wait: boolean;
}

function runIn(place: Place, { data, remote, json, wait }: Asked, context: CommandContext): Promise<number> {
  const id = newEventId();
  const begin = async (): Promise<void> => {
    await publish(place, id, data);
    if (json) context.screen.data(JSON.stringify({ type: 'started', id }));
    else context.screen.notice(`Cascade ${id} started.`);
  };
  return withServices(place, { id, json, remote, wait, begin }, context);
}

async function publish(place: Place, id: string, data: DataOf<typeof cascadeRequested>): Promise<void> {
  const publisher = new EventPublisher({ redis: place.redis });
  try {
    await traced('cascade run', { begins: true, attributes: { [names.cascade]: id } }, () => publisher.publish(cascadeRequested, data, {
      id, cascadeId: id, source: 'urn:cascade:cli', ...(data.priority === undefined ? {} : { priority: data.priority }), signal: AbortSignal.timeout(REDIS_PATIENCE_MS),
    }));
  } finally {
    await publisher.close();
  }
}

/** The request as an event's data. Throws `CASC_USAGE` with every problem, and what `parseSource` throws. */
export async function requestedData(request: string, options: RunOptions, remote: boolean): Promise<DataOf<typeof cascadeRequested>> {
  const budget = { tokens: options.budgetTokens, usd: options.budgetUsd };
  const given = {
    request, repository: await repositoryOf(options.repo, remote), branch: options.branch, epicName: options.epicName, testCommand: options.testCommand,
    budget: budget.tokens === undefined && budget.usd === undefined ? undefined : budget,
    tenant: options.tenant, deadlineMinutes: options.deadlineMinutes, deadlineWhileWaiting: options.deadlineWhileWaiting, clarifications: options.clarifications, priority: options.priority, approve: options.approve,
  };
  const parsed = cascadeRequested.schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const findings = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw terminal('CASC_USAGE', `The request is not valid: ${findings.join('; ')}`, { advice: '`cascade run --help` shows what is expected.' });
}

/**
 * An address as it is; a folder as an absolute path, since services have other working folders. Looked at before the
 * request is published: a wrong one costs nothing then, and a password in an address is stored nowhere.
 */
async function repositoryOf(given: string, remote: boolean): Promise<string> {
  const isAddress = /^[a-z][a-z0-9+.-]*:\/\//i.test(given) || /^[\w.-]+@[\w.-]+:/.test(given);
  const repository = isAddress || remote ? given : path.resolve(given);
  const elsewhere = remote && (!isAddress || /^file:/i.test(given));
  if (!elsewhere) await parseSource(repository);
  return repository;
}
