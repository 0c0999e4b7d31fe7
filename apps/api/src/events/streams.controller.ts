import { Controller } from '@nestjs/common';
import type { AnswerOf } from '../contract/operation.js';
import { getStreams } from '../contract/stream-operations.js';
import { Implements } from '../http/implements.js';
import { Partitions } from '../partitions.js';
import { streamFigures } from './stream-figures.js';

@Controller()
export class StreamsController {
  constructor(private readonly partitions: Partitions) {}

  @Implements(getStreams)
  get(): Promise<AnswerOf<typeof getStreams>> {
    return streamFigures(this.partitions.connections);
  }
}
