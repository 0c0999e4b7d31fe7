import { Module } from '@nestjs/common';
import { StoriesHandlers } from './stories.handlers.js';

@Module({ controllers: [StoriesHandlers] })
export class StoriesModule {}
