import { Module } from '@nestjs/common';
import { Effects, Leadership } from '@cascade/state';
import { Redis } from 'ioredis';
import { AnswersHandlers } from './answers.handlers.js';
import { CleanUpHandlers } from './clean-up.handlers.js';
import { CleanUpSaga } from './clean-up-saga.js';
import { DeadlineSweeper } from './deadline-sweeper.js';
import { RetryMover } from './retry-mover.js';
import { SupervisorGauges } from './supervisor-gauges.js';
import { Undos } from './undos.js';

@Module({
  controllers: [CleanUpHandlers, AnswersHandlers],
  providers: [
    DeadlineSweeper, SupervisorGauges, RetryMover, CleanUpSaga, Undos,
    { provide: Leadership, inject: [Redis], useFactory: (redis: Redis) => new Leadership(redis, 'supervisor') },
    { provide: Effects, inject: [Redis], useFactory: (redis: Redis) => new Effects(redis) },
  ],
})
export class SupervisorModule {}
