import { Module } from '@nestjs/common';
import { ProgramsHandlers } from './programs.handlers.js';

@Module({ controllers: [ProgramsHandlers] })
export class ProgramsModule {}
