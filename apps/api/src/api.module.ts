import { Module, type DynamicModule } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { AccessTokens } from '@cascade/service-host';
import { AboutController, Draining } from './about.controller.js';
import { ApiConfig } from './api-config.js';
import { Artefacts } from './cascades/artefacts.js';
import { ArtefactsController } from './cascades/artefacts.controller.js';
import { CascadeSteering } from './cascades/cascade-steering.js';
import { CascadesController } from './cascades/cascades.controller.js';
import { DeadLettersController } from './cascades/dead-letters.controller.js';
import { DocsController } from './cascades/docs.controller.js';
import { OlderRoutesController } from './cascades/older-routes.controller.js';
import { StartCascade } from './cascades/start-cascade.js';
import { WorkItemsController } from './cascades/work-items.controller.js';
import { DashboardController } from './dashboard.controller.js';
import { CascadeWatches } from './events/cascade-watches.js';
import { EventsController } from './events/events.controller.js';
import { OpenStreams } from './events/open-streams.js';
import { Overview } from './events/overview.js';
import { StreamsController } from './events/streams.controller.js';
import { Access } from './http/access.js';
import { ProblemFilter } from './http/problem.filter.js';
import { ArtefactResources } from './mcp/artefact-resources.js';
import { CascadeFollower } from './mcp/cascade-follower.js';
import { McpServers } from './mcp/mcp-servers.js';
import { McpTools } from './mcp/mcp-tools.js';
import { McpController } from './mcp/mcp.controller.js';
import { Partitions } from './partitions.js';

@Module({})
export class ApiModule {
  static with(config: ApiConfig, partitions: Partitions): DynamicModule {
    return {
      module: ApiModule,
      controllers: [AboutController, ArtefactsController, CascadesController, DashboardController, DeadLettersController, DocsController, EventsController, McpController, OlderRoutesController, StreamsController, WorkItemsController],
      providers: [
        { provide: ApiConfig, useValue: config },
        { provide: Partitions, useValue: partitions },
        { provide: AccessTokens, useFactory: () => new AccessTokens(config.tokensFile) },
        { provide: APP_FILTER, useClass: ProblemFilter },
        Access, ArtefactResources, Artefacts, CascadeFollower, CascadeSteering, CascadeWatches, Draining, McpServers, McpTools, OpenStreams, Overview, StartCascade,
      ],
    };
  }
}
