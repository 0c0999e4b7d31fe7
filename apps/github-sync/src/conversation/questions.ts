import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { isCascadeError, redisKeys } from '@cascade/contracts';
import { Cascades, type OpenQuestion } from '@cascade/state';
import { Redis } from 'ioredis';
import { Comments } from '../comments.js';
import { memberOf } from '../queue/matters.js';
import { hashWrites, LeaderWrites, type Hand } from '../state/leader-writes.js';
import type { Answered } from './answered.js';
import { Places } from './places.js';
import { questionText } from './reply-texts.js';

/** What is remembered of a command: as long as its reply. 60 days. */
const REMEMBERED_MS = 60 * 24 * 3_600_000;

/** Questions of cascades, as comments; and the answers of people. */
@Injectable()
export class GitHubQuestions {
  constructor(private readonly redis: Redis, private readonly writes: LeaderWrites, private readonly cascades: Cascades, private readonly places: Places, private readonly comments: Comments) {}

  /** Writes the question while it is open and there is a place for it; the epic's issue makes it due again where there is none yet. */
  async tell(hand: Hand, cascadeId: string, name: string): Promise<void> {
    const question = (await this.open(cascadeId)).find((one) => one.name === name);
    const place = question === undefined ? undefined : await this.places.of(cascadeId);
    if (question === undefined || place === undefined) return;
    await this.comments.ensure(hand, place, `question-${createHash('sha256').update(`${cascadeId}\n${name}`).digest('hex').slice(0, 32)}`, questionText(question, place.requester));
  }

  /** A place has come into being: what was asked before is asked there. */
  async tellAll(hand: Hand, cascadeId: string): Promise<void> {
    const open = await this.open(cascadeId);
    const dueNow = open.map(({ name }) => ({ operation: 'DUE' as const, key: redisKeys.githubAsked, args: [memberOf({ kind: 'question', cascadeId, name })] }));
    if (dueNow.length > 0) await this.writes.write(hand, dueNow);
  }

  async open(cascadeId: string): Promise<readonly OpenQuestion[]> {
    return (await this.cascades.find(cascadeId))?.questions ?? [];
  }

  /**
   * Which question a comment answers is decided once: by the time that it is repeated, another one may be open. The first
   * answer to a question counts.
   */
  async answer(hand: Hand, commentId: number, cascadeId: string, choose: (open: readonly string[]) => { readonly name: string; readonly text: string } | undefined): Promise<Answered> {
    const key = redisKeys.githubCommand(String(commentId));
    const [name, text] = await this.redis.hmget(key, 'name', 'text');
    let chosen = typeof name === 'string' && typeof text === 'string' ? { name, text } : undefined;
    if (chosen === undefined) {
      const open = (await this.open(cascadeId)).map((question) => question.name);
      chosen = choose(open);
      if (chosen === undefined) return { kind: 'which', open };
      await this.writes.write(hand, [...hashWrites(key, { cascade: cascadeId, ...chosen }), { operation: 'PEXPIRE', key, args: [String(REMEMBERED_MS)] }]);
    }
    try {
      await this.cascades.answer(cascadeId, chosen.name, chosen.text);
      return { kind: 'answered', name: chosen.name };
    } catch (error) {
      if (isCascadeError(error) && error.kind === 'terminal') return { kind: 'refused', why: error.message };
      throw error;
    }
  }
}
