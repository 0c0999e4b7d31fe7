import { Module } from '@nestjs/common';
import { BenchFactory } from './bench-factory.js';
import { CascadeFinisher } from './cascade-finisher.js';
import { GraphStore } from './graph-store.js';
import { HostedRepository } from './hosted-repository.js';
import { IntegrationBranch } from './integration-branch.js';
import { MessageWriter } from './message-writer.js';
import { PullRequestText } from './pull-request-text.js';
import { SchedulerHandlers } from './scheduler.handlers.js';
import { StoryBranches } from './story-branches.js';
import { StoryCloser } from './story-closer.js';
import { WorkerHandlers } from './worker.handlers.js';

@Module({ controllers: [SchedulerHandlers, WorkerHandlers], providers: [GraphStore, IntegrationBranch, StoryCloser, CascadeFinisher, BenchFactory, HostedRepository, MessageWriter, PullRequestText, StoryBranches] })
export class ExecutionModule {}
