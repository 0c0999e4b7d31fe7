import { RedisScript } from '@cascade/streams';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { cancelled, effect, parseEffect, redisKeys, terminal, type Effect, type EffectIntent } from '@cascade/contracts';
import { terminalStates } from './cascade-record.js';

/** Most effects of one cascade. */
export const MAX_EFFECTS = 2000;

const script = {
  record: new RedisScript(new URL('./lua/record-effect.lua', import.meta.url)),
  replace: new RedisScript(new URL('./lua/replace-effect.lua', import.meta.url)),
};

/** `open`: not taken back yet. `done`: taken back. `kept`: it is part of the result. `parked`: a person has to look. */
export const effectStates = ['open', 'done', 'kept', 'parked'] as const;
export type EffectState = (typeof effectStates)[number];

const progress = z.object({
  /** Order of recording, from 1; 0 for what the clean-up adds, which is undone last. */
  seq: z.number().int().min(0),
  state: z.enum(effectStates).default('open'),
  at: z.string().max(40).optional(),
  /** Undos that failed since it was recorded, or since a person asked for another try. */
  failures: z.number().int().min(0).default(0),
  /** Undos that were tried, in all. */
  tries: z.number().int().min(0).default(0),
  problem: z.object({ code: z.string(), message: z.string() }).optional(),
});

/** How the undo of an effect goes. Any state but `open` is left only when a person asks for another try. */
export type UndoProgress = z.output<typeof progress>;

/** A record of the journal; `effect` is undefined when something else wrote there, and is never acted upon then. */
export interface EffectRecord {
  readonly field: string;
  readonly effect: Effect | undefined;
  readonly progress: UndoProgress;
  /** The record as it was read, for `settle`. */
  readonly text: string;
}

const fieldOf = ({ kind, key }: Pick<EffectIntent, 'kind' | 'key'>): string => `${kind}:${key}`;

/** The effects journal of cascades: what they did outside it, in order, and how far that is taken back. */
export class Effects {
  constructor(private readonly redis: Redis) {}

  /**
   * Records an effect before it is tried; a known one stays as it is. Throws `CASC_EFFECT_INVALID` and
   * `CASC_EFFECTS_TOO_MANY` (terminal), and a cancelled error when the cascade has ended: its clean-up may be over.
   */
  async record(cascadeId: string, intent: EffectIntent): Promise<void> {
    const known = parseEffect(intent);
    const answer = await script.record.run(this.redis, [redisKeys.effects(cascadeId), redisKeys.cascade(cascadeId)], [
      fieldOf(known), JSON.stringify({ ...known, at: new Date().toISOString() }), MAX_EFFECTS, ...terminalStates,
    ]);
    if (answer === 0) throw cancelled(`Cascade ${cascadeId} has ended.`);
    if (answer === -1) throw terminal('CASC_EFFECTS_TOO_MANY', `The cascade has more than ${MAX_EFFECTS} effects outside Redis.`);
  }

  /** All of a cascade, the last recorded first: the order in which they are undone. */
  async list(cascadeId: string): Promise<EffectRecord[]> {
    const hash = await this.redis.hgetall(redisKeys.effects(cascadeId));
    return Object.entries(hash).map(([field, text]) => readRecord(field, text)).toSorted((a, b) => b.progress.seq - a.progress.seq || (a.field < b.field ? -1 : 1));
  }

  /** Adds what is to be undone after everything else, when the clean-up begins. */
  async addLast(cascadeId: string, last: Effect): Promise<void> {
    await this.redis.hsetnx(redisKeys.effects(cascadeId), fieldOf(last), JSON.stringify({ seq: 0, ...last }));
  }

  /** Writes how the undo went; false, and nothing written, when somebody else has written since the record was read. */
  async settle(cascadeId: string, record: EffectRecord, next: UndoProgress): Promise<boolean> {
    const text = JSON.stringify({ ...(record.effect ?? { unreadable: record.text.slice(0, 2000) }), ...next });
    return await script.replace.run(this.redis, [redisKeys.effects(cascadeId)], [record.field, record.text, text]) === 1;
  }
}

function readRecord(field: string, text: string): EffectRecord {
  const value = parseJson(text);
  const [known, state] = [effect.safeParse(value), progress.safeParse(value)];
  const isReadable = known.success && fieldOf(known.data) === field;
  return { field, text, effect: isReadable ? known.data : undefined, progress: state.success ? state.data : { seq: 0, state: 'open', failures: 0, tries: 0 } };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // refused by the schemas
  }
}
