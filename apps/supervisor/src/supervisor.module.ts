import { Module } from '@nestjs/common';
import { CleanUpHandlers } from './clean-up.handlers.js';
import { DeadlineSweeper } from './deadline-sweeper.js';

@Module({ controllers: [CleanUpHandlers], providers: [DeadlineSweeper] })
export class SupervisorModule {}
