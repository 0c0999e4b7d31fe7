import { Module } from '@nestjs/common';
import { AnswersHandlers } from './answers.handlers.js';
import { CleanUpHandlers } from './clean-up.handlers.js';
import { DeadlineSweeper } from './deadline-sweeper.js';

@Module({ controllers: [CleanUpHandlers, AnswersHandlers], providers: [DeadlineSweeper] })
export class SupervisorModule {}
