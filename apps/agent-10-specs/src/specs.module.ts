import { Module } from '@nestjs/common';
import { SpecsHandlers } from './specs.handlers.js';

@Module({ controllers: [SpecsHandlers] })
export class SpecsModule {}
