import { redisKeys } from '@cascade/contracts';
import type { SeenIssue } from '@cascade/github-fake';
import type { History } from './service-histories.js';
import type { SyncWorld } from './sync-world.js';

/** What was not acted on exactly once: every command of who may command is answered once, nobody else's is, and every answer is true. */
export async function talkFaults(world: SyncWorld, issues: readonly SeenIssue[], history: History): Promise<string[]> {
  const { marks } = world.settings();
  const ours = issues.flatMap(({ number, comments }) => comments.filter(({ author }) => author === 'cascade-bot').map(({ body }) => ({ number, body, markers: marks.commentsIn(body) })));
  const repliesTo = (id: number): typeof ours => ours.filter(({ markers }) => markers.includes(`reply-${id}`));
  const request = issues.find(({ number }) => number === history.request);
  return [
    ...history.talk.said.flatMap(({ id, number, author, body, isAnswered }) => {
      const replies = repliesTo(id);
      const isFine = isAnswered ? replies.length === 1 && replies[0]?.number === number : replies.length === 0 || (author === 'ana' && replies.length === 1 && number === history.request);
      return isFine ? [] : [`${replies.length} replies to ${author}'s ${JSON.stringify(body)} on #${number}`];
    }),
    ...(request === undefined ? [] : commentFaults(marks, request).map((fault) => `#${request.number} ${fault}`)),
    ...await runFaults(world, history, request),
    ...(await Promise.all(history.cascades.map((id) => cascadeFaults(world, history, ours.map(({ body }) => body), id)))).flat(),
  ];
}

/** Each cascade that was asked for was published once, and told once. */
async function runFaults(world: SyncWorld, history: History, request: SeenIssue | undefined): Promise<string[]> {
  if (request === undefined) return [];
  const asked = (await world.redis.xrange(redisKeys.stream('cascade.requested'), '-', '+')).map(([, flat]) => flat[flat.indexOf('id') + 1]!);
  const begun = Object.entries(await world.redis.hgetall(redisKeys.githubRuns(request.nodeId))).flatMap(([field, id]) => (field.startsWith('by:') ? [id] : []));
  const told = request.comments.flatMap(({ author, body }) => (author === 'cascade-bot' ? [...body.matchAll(/^Cascade `([^`]+)` works on this\./g)].map(([, id]) => id!) : []));
  const once = (ids: readonly string[]): string => JSON.stringify([...ids].sort());
  return [
    ...(history.items.length === 0 ? ['no cascade was begun'] : []),
    ...(once(begun) === once(told) && once(begun) === once(history.cascades) ? [] : [`begun ${once(begun)}, told ${once(told)}, taken ${once(history.cascades)}`]),
    ...begun.filter((id) => asked.filter((one) => one === id).length !== 1).map((id) => `${id} was not asked for once`),
  ];
}

async function cascadeFaults(world: SyncWorld, history: History, ours: readonly string[], id: string): Promise<string[]> {
  const [state, answers, ends] = await Promise.all([
    world.redis.hget(redisKeys.cascade(id), 'state'), world.redis.hgetall(redisKeys.answers(id)), world.redis.xrange(redisKeys.stream('cascade.cancelled'), '-', '+'),
  ]);
  const cancelled = ends.filter(([, flat]) => flat.includes(id)).length;
  const isTold = ours.some((body) => body.startsWith(`Cascade \`${id}\` is cancelled.`));
  const bodies = history.talk.said.map(({ body }) => body);
  return [
    ...(cancelled === (state === 'cancelled' ? 1 : 0) && (state !== 'cancelled' || isTold) ? [] : [`${id} is ${state}, ${cancelled} ends`]),
    ...Object.values(answers).filter((text) => text !== 'yes' && !bodies.some((body) => body.includes(text))).map((text) => `nobody answered ${text}`),
  ];
}

/** What Cascade said more than once on an issue. */
export function commentFaults(marks: ReturnType<SyncWorld['settings']>['marks'], issue: SeenIssue): string[] {
  const ours = issue.comments.filter(({ author }) => author === 'cascade-bot');
  const different = new Set(ours.flatMap((comment) => marks.commentsIn(comment.body)));
  return ours.length === different.size ? [] : [`${ours.length} comments, ${different.size} of them different`];
}
