import { Controller } from '@nestjs/common';
import { inputGiven, type EventOf, type Outcome } from '@cascade/contracts';
import { Questions } from '@cascade/state';
import { OnEvent } from '@cascade/streams';
import { Redis } from 'ioredis';

/**
 * Takes people's answers from whoever publishes them. Here and not in the tier that asked: every service has one group, so
 * each tier would get the answers to all of them, and none could tell an answer to nobody from one to another.
 */
@Controller()
export class AnswersHandlers {
  private readonly questions: Questions;

  constructor(redis: Redis) {
    this.questions = new Questions(redis);
  }

  /**
   * The answer is given by its own script, which changes nothing when it runs again: a crash before the acknowledgement
   * does no harm. What `Questions.answer` throws leads to the dead letters, since it is the answer that is wrong, not the cascade.
   */
  @OnEvent(inputGiven)
  async given(event: EventOf<typeof inputGiven>): Promise<Outcome> {
    await this.questions.answer(event.cascadeId, event.data.name, event.data.answer);
    return { save: [], publish: [] };
  }
}
