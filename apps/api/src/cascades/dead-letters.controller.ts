import { Controller } from '@nestjs/common';
import { AllDeadLetters } from '@cascade/state';
import type { StoredLetter } from '@cascade/streams';
import { dropDeadLetter, getDeadLetter, listDeadLetters, retryDeadLetter } from '../contract/item-operations.js';
import type { AnswerOf, InputOf } from '../contract/operation.js';
import { Implements, Input } from '../http/implements.js';
import { Partitions } from '../partitions.js';

@Controller()
export class DeadLettersController {
  private readonly letters: AllDeadLetters;

  constructor(partitions: Partitions) {
    this.letters = new AllDeadLetters(partitions.connections);
  }

  @Implements(listDeadLetters)
  async list(@Input() { query: { limit, service, code } }: InputOf<typeof listDeadLetters>): Promise<AnswerOf<typeof listDeadLetters>> {
    const found = await this.letters.list({ service, code, limit: limit + 1 });
    return { letters: found.slice(0, limit).map(shown), more: found.length > limit };
  }

  @Implements(getDeadLetter)
  async get(@Input() { params: { service, id } }: InputOf<typeof getDeadLetter>): Promise<AnswerOf<typeof getDeadLetter>> {
    return shown(await this.letters.require(id, service));
  }

  @Implements(retryDeadLetter)
  async retry(@Input() { params: { service, id } }: InputOf<typeof retryDeadLetter>): Promise<AnswerOf<typeof retryDeadLetter>> {
    await this.letters.retry(await this.letters.require(id, service));
    return { service, id, result: 'delivered' };
  }

  @Implements(dropDeadLetter)
  async drop(@Input() { params: { service, id } }: InputOf<typeof dropDeadLetter>): Promise<void> {
    await this.letters.drop(await this.letters.require(id, service));
  }
}

const shown = ({ problem, failed, fields, ...letter }: StoredLetter): AnswerOf<typeof getDeadLetter> => ({
  ...letter, failed: failed.map((one) => ({ ...one })), fields: { ...fields },
  problem: { ...problem, findings: problem.findings === undefined ? undefined : [...problem.findings] },
});
