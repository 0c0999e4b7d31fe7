import type { Redis } from 'ioredis';
import type { Place } from '../place/place.js';

/** What counts the answers that it gave: each of them would be paid. */
export interface Counting {
  readonly answered: ReadonlyMap<string, number>;
}

/**
 * Compares what the model's side answered with what the journals hold. The one moment in which an answer can be lost is
 * between its sending and its record: nobody can know of it then. So at each death (or freeze) of a process the answers
 * that no journal holds are counted as lost with it; any other answer that was given twice was paid twice.
 */
export class Payments {
  #lost = 0;

  constructor(private readonly place: Place, private readonly model: Counting) {}

  /** To be called after a process has died or stands still, before its successor starts. */
  async processLost(): Promise<void> {
    // What the process had sent is read by Redis in the same round as this, at the latest.
    await this.place.redis.ping();
    this.#lost = Math.max(this.#lost, this.#answers() - await this.#journalled());
  }

  get lost(): number {
    return this.#lost;
  }

  /** When everything has ended. */
  async violations(): Promise<string[]> {
    const [answers, journalled, distinct] = [this.#answers(), await this.#journalled(), this.model.answered.size];
    return [
      ...(journalled === distinct ? [] : [`the model answered ${distinct} different calls, the journals hold ${journalled}`]),
      ...(answers <= journalled + this.#lost ? [] : [`${answers - journalled - this.#lost} of ${answers} answers were paid again although the first was recorded (${this.#lost} were lost with a process that was killed): ${this.#repeated()}`]),
    ];
  }

  #answers(): number {
    return [...this.model.answered.values()].reduce((sum, count) => sum + count, 0);
  }

  #repeated(): string {
    return [...this.model.answered].filter(([, count]) => count > 1).map(([call, count]) => `${count} × …${call.slice(-80)}`).join('; ');
  }

  async #journalled(): Promise<number> {
    const counts = await Promise.all((await this.place.cascades()).map((id) => callsOf(this.place.redis, id)));
    return counts.reduce((sum, count) => sum + count, 0);
  }
}

async function callsOf(redis: Redis, cascade: string): Promise<number> {
  return Number(await redis.hget(`cascade:${cascade}`, 'usage_calls') ?? 0);
}
