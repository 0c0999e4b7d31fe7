import { Controller, Res } from '@nestjs/common';
import { redisKeys } from '@cascade/contracts';
import type { FastifyReply } from 'fastify';
import type { AnswerOf, InputOf } from '../contract/operation.js';
import { executeCascade, executionStatus } from '../contract/other-operations.js';
import { ClientName } from '../http/client-name.js';
import { Implements, Input } from '../http/implements.js';
import { Partitions } from '../partitions.js';
import { StartCascade } from './start-cascade.js';

/** The routes that older clients know. */
@Controller()
export class OlderRoutesController {
  constructor(private readonly partitions: Partitions, private readonly starter: StartCascade) {}

  @Implements(executeCascade)
  async execute(@Input() { body }: InputOf<typeof executeCascade>, @ClientName() client: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<AnswerOf<typeof executeCascade>> {
    const { user_request: request, repo_name: repository, branch_name: branch, epic_name: epicName } = body;
    const id = await this.starter.start({ request, repository, ...(branch === undefined ? {} : { branch }), ...(epicName === undefined ? {} : { epicName }) }, client);
    void reply.header('location', `/cascade/status/${id}`);
    return { task_id: id, status: 'running', redis_key: redisKeys.cascade(id) };
  }

  @Implements(executionStatus)
  async status(@Input() { params: { task_id: id } }: InputOf<typeof executionStatus>): Promise<AnswerOf<typeof executionStatus>> {
    const { record } = await this.partitions.cascades.require(id);
    return {
      task_id: id, status: record.state, redis_key: redisKeys.cascade(id),
      ...(record.summary === undefined ? {} : { branch: record.summary.branch }), ...(record.problem === undefined ? {} : { error: record.problem.message }),
    };
  }
}
