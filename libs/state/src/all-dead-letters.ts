import { terminal } from '@cascade/contracts';
import { DeadLetters, type StoredLetter } from '@cascade/streams';
import type { Redis } from 'ioredis';
import { cascadeFence } from './cascade-runs.js';

/** Which dead letters are meant; all of them unless something is given. */
export interface LetterFilter {
  readonly service?: string | undefined;
  readonly code?: string | undefined;
  /** At most so many, the oldest. */
  readonly limit?: number | undefined;
}

/** The dead letters of every service and partition, as if they were in one place. */
export class AllDeadLetters {
  private readonly partitions: readonly DeadLetters[];
  private readonly owners = new WeakMap<StoredLetter, DeadLetters>();

  /** Connections to all partitions. */
  constructor(partitions: readonly Redis[]) {
    this.partitions = partitions.map((redis) => new DeadLetters(redis, cascadeFence));
  }

  /** Oldest first. */
  async list({ service, code, limit }: LetterFilter): Promise<StoredLetter[]> {
    const services = service === undefined ? await this.services() : [service];
    const found = await Promise.all(services.map((name) => this.gather((letters) => letters.list(name, { code, limit }))));
    return found.flat().toSorted((a, b) => (a.time < b.time ? -1 : 1)).slice(0, limit);
  }

  /**
   * The letter with this id, of this service or of any. Throws (terminal) `CASC_DEAD_LETTER_UNKNOWN`, and
   * `CASC_DEAD_LETTER_AMBIGUOUS`: ids are unique within one service and partition only.
   */
  async require(id: string, service?: string): Promise<StoredLetter> {
    const services = service === undefined ? await this.services() : [service];
    const found = (await Promise.all(services.map((name) => this.gather(async (letters) => [await letters.find(name, id)].filter((letter) => letter !== undefined))))).flat();
    if (found.length > 1) throw terminal('CASC_DEAD_LETTER_AMBIGUOUS', `${found.map((letter) => letter.service).join(' and ')} have a dead letter ${id}.`, { advice: 'Say which one with --service.' });
    if (found[0] === undefined) throw terminal('CASC_DEAD_LETTER_UNKNOWN', `There is no dead letter ${JSON.stringify(id.slice(0, 50))} (any more).`, { advice: '`cascade dlq list` shows the ones that are there.' });
    return found[0];
  }

  /** See DeadLetters.retry; for a letter that this object gave. */
  async retry(letter: StoredLetter): Promise<void> {
    await this.ownerOf(letter).retry(letter.service, letter.id);
  }

  async drop(letter: StoredLetter): Promise<boolean> {
    return this.ownerOf(letter).drop(letter.service, letter.id);
  }

  private async services(): Promise<string[]> {
    const names = await Promise.all(this.partitions.map((letters) => letters.services()));
    return [...new Set(names.flat())].toSorted();
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
