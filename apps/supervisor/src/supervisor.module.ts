import { Module } from '@nestjs/common';
import { Effects } from '@cascade/state';
import { Redis } from 'ioredis';
import { AnswersHandlers } from './answers.handlers.js';
import { CleanUpHandlers } from './clean-up.handlers.js';
import { CleanUpSaga } from './clean-up-saga.js';
import { DeadlineSweeper } from './deadline-sweeper.js';
import { Leadership } from './leadership.js';
import { Metrics } from './metrics.js';
import { MetricsServer } from './metrics-server.js';
import { RetryMover } from './retry-mover.js';
import { Undos } from './undos.js';

@Module({
  controllers: [CleanUpHandlers, AnswersHandlers],
  providers: [DeadlineSweeper, Leadership, Metrics, MetricsServer, RetryMover, CleanUpSaga, Undos, { provide: Effects, inject: [Redis], useFactory: (redis: Redis) => new Effects(redis) }],
})
export class SupervisorModule {}
