import { Controller } from '@nestjs/common';
import { docsIndexRequested } from '@cascade/contracts';
import { docsQuestions, indexDocs } from '../contract/docs-operations.js';
import type { AnswerOf, InputOf } from '../contract/operation.js';
import { Implements, Input } from '../http/implements.js';
import { Partitions } from '../partitions.js';

const PUBLISH_MS = 10_000;

/** Questions to the documentation graph. */
@Controller()
export class DocsController {
  constructor(readonly partitions: Partitions) {}

  @Implements(indexDocs)
  async index(@Input() { body }: InputOf<typeof indexDocs>): Promise<AnswerOf<typeof indexDocs>> {
    const { id } = await this.partitions.of(body.repository).publisher.publish(docsIndexRequested, body, { source: 'urn:cascade:api', signal: AbortSignal.timeout(PUBLISH_MS) });
    return { id };
  }
}

// One method for each question, as if it were written above: they differ in nothing but their command.
for (const { command, operation } of docsQuestions) {
  const descriptor = {
    configurable: true, writable: true,
    async value(this: DocsController, { body }: { body: { repository: string } }): Promise<unknown> { return this.partitions.of(body.repository).ask(command, body); },
  };
  Object.defineProperty(DocsController.prototype, operation.id, descriptor);
  Input()(DocsController.prototype, operation.id, 0);
  Implements(operation)(DocsController.prototype, operation.id, descriptor);
}
