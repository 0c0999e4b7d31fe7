import { Injectable } from '@nestjs/common';
import { redisKeys, retryable } from '@cascade/contracts';
import { Cascades, isTerminal, type CascadeRecord } from '@cascade/state';
import { Redis } from 'ioredis';
import { Comments } from '../comments.js';
import { Places, type Place } from '../conversation/places.js';
import { endingText } from '../conversation/reply-texts.js';
import { LinkedRepositories } from '../linked-repositories.js';
import { memberOf } from '../queue/matters.js';
import { hashWrites, LeaderWrites, type Hand, type LeaderWrite } from '../state/leader-writes.js';
import { badEndings, type BadEnding } from './item-record.js';
import { ItemStore } from './item-store.js';

/** Work items that one script marks. */
const AT_ONCE = 100;
/** How long what only the conversation about a cascade needs outlives it: 60 days, longer than its own record. */
const KEPT_MS = 60 * 24 * 3_600_000;

/**
 * What a cascade's end means on GitHub. Nothing of it is an effect that the supervisor would take back: issues are made
 * to say what is so, as after any other change, and that survives any crash by itself.
 */
@Injectable()
export class Endings {
  constructor(
    private readonly redis: Redis, private readonly writes: LeaderWrites, private readonly cascades: Cascades, private readonly items: ItemStore,
    private readonly places: Places, private readonly comments: Comments, private readonly linked: LinkedRepositories,
  ) {}

  async settle(hand: Hand, cascadeId: string): Promise<void> {
    const record = await this.cascades.find(cascadeId);
    if (record !== undefined && !isTerminal(record.state)) return;
    const ending = badEndings.find((one) => one === record?.state);
    if (ending !== undefined) await this.abandon(hand, cascadeId, ending);
    for (const place of await this.told(cascadeId, record, ending)) {
      await this.comments.ensure(hand, place, `ending-${cascadeId}-${place.nodeId}`, endingText(record, cascadeId, await this.pull(cascadeId)));
    }
    await this.expire(hand, cascadeId);
  }

  /** The issues of an abandoned cascade are looked at again, now with its end beside them. */
  private async abandon(hand: Hand, cascadeId: string, ending: BadEnding): Promise<void> {
    const keys = await this.items.ofCascade(cascadeId);
    for (let at = 0; at < keys.length; at += AT_ONCE) {
      await this.writes.write(hand, keys.slice(at, at + AT_ONCE).flatMap((key): LeaderWrite[] => [
        ...hashWrites(redisKeys.githubItem(key), { ending }),
        { operation: 'DUE', key: redisKeys.githubDirty, args: [memberOf({ kind: 'item', key })] },
      ]));
    }
    if (await this.redis.exists(redisKeys.githubPull(cascadeId)) === 1) await this.writes.write(hand, [{ operation: 'DUE', key: redisKeys.githubDirty, args: [memberOf({ kind: 'pull', cascadeId })] }]);
  }

  /** Where people asked for it; and the epic, whose issue would otherwise be closed without a word. */
  private async told(cascadeId: string, record: CascadeRecord | undefined, ending: BadEnding | undefined): Promise<Place[]> {
    const [request, epic] = [await this.places.request(cascadeId), await this.places.epic(cascadeId)];
    if (record?.state === 'completed' && request === undefined && epic === undefined && await this.linked.ofCascade(cascadeId) !== undefined) {
      throw retryable('CASC_GITHUB_NO_PLACE', `The epic of cascade ${cascadeId} has no issue yet.`);
    }
    return [request, ...(request === undefined || ending !== undefined ? [epic] : [])].filter((place) => place !== undefined);
  }

  private async pull(cascadeId: string): Promise<string | undefined> {
    const number = await this.redis.hget(redisKeys.githubPull(cascadeId), 'number');
    return number === null ? undefined : `#${number}`;
  }

  private async expire(hand: Hand, cascadeId: string): Promise<void> {
    const keys = [redisKeys.githubItems(cascadeId), redisKeys.githubRequest(cascadeId), redisKeys.githubPull(cascadeId)];
    await this.writes.write(hand, keys.map((key) => ({ operation: 'PEXPIRE', key, args: [String(KEPT_MS)] })));
  }
}
