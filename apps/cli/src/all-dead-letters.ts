import { terminal } from '@cascade/contracts';
import { cascadeFence } from '@cascade/state';
import { createConnection, DeadLetters, type StoredLetter } from '@cascade/streams';
import { partitionsOf, type Place } from './place.js';

/** The dead letters of every partition, as if they were in one place. */
export class AllDeadLetters {
  private readonly owners = new WeakMap<StoredLetter, DeadLetters>();

  private constructor(private readonly partitions: readonly DeadLetters[]) {}

  /** Runs `fn` with connections to every partition of the place. */
  static async with<T>(place: Place, fn: (letters: AllDeadLetters) => Promise<T>): Promise<T> {
    const connections = partitionsOf(place).map((partition) => createConnection({ ...partition.redis, name: 'cascade-cli', role: 'commands' }));
    for (const redis of connections) redis.on('error', () => undefined); // it connects again by itself
    try {
      return await fn(new AllDeadLetters(connections.map((redis) => new DeadLetters(redis, cascadeFence))));
    } finally {
      for (const redis of connections) redis.disconnect();
    }
  }

  /** Names of the services that have any. */
  async services(): Promise<string[]> {
    const names = await Promise.all(this.partitions.map((letters) => letters.services()));
    return [...new Set(names.flat())].toSorted();
  }

  /** Up to `limit` of each partition. */
  async list(service: string, filter: Parameters<DeadLetters['list']>[1]): Promise<StoredLetter[]> {
    return this.gather(async (letters) => letters.list(service, filter));
  }

  /** Those with this id: ids are unique within one service and partition. */
  async find(service: string, id: string): Promise<StoredLetter[]> {
    return this.gather(async (letters) => [await letters.find(service, id)].filter((letter) => letter !== undefined));
  }

  /** See DeadLetters.retry; for a letter that this object gave. */
  async retry(letter: StoredLetter): Promise<void> {
    await this.ownerOf(letter).retry(letter.service, letter.id);
  }

  async drop(letter: StoredLetter): Promise<boolean> {
    return this.ownerOf(letter).drop(letter.service, letter.id);
  }

  private async gather(ask: (letters: DeadLetters) => Promise<StoredLetter[]>): Promise<StoredLetter[]> {
    const found = await Promise.all(this.partitions.map(async (letters) => {
      const stored = await ask(letters);
      for (const letter of stored) this.owners.set(letter, letters);
      return stored;
    }));
    return found.flat();
  }

  private ownerOf(letter: StoredLetter): DeadLetters {
    const owner = this.owners.get(letter);
    if (owner === undefined) throw terminal('CASC_DEAD_LETTER_UNKNOWN', `Dead letter ${letter.id} was not read here.`);
    return owner;
  }
}
