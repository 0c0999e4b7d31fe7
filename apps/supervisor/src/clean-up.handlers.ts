import { Controller } from '@nestjs/common';
import {
  cascadeCancelled, cascadeCleaned, cascadeCompleted, cascadeFailed, cascadeTimedOut, gitCleanUp, publication,
  type CascadeEvent, type EventOf, type Outcome, type Run,
} from '@cascade/contracts';
import { Agents, Cascades } from '@cascade/state';
import { CommandClient, OnEvent } from '@cascade/streams';

/** After any end: what the cascade left outside its result goes, its agents leave the list of live ones, and its keys expire. */
@Controller()
export class CleanUpHandlers {
  constructor(private readonly commands: CommandClient, private readonly agents: Agents, private readonly cascades: Cascades) {}

  @OnEvent(cascadeCompleted)
  completed(event: EventOf<typeof cascadeCompleted>, run: Run): Promise<Outcome> {
    return this.cleanUp(event, run);
  }

  @OnEvent(cascadeFailed)
  failed(event: EventOf<typeof cascadeFailed>, run: Run): Promise<Outcome> {
    return this.cleanUp(event, run);
  }

  @OnEvent(cascadeTimedOut)
  timedOut(event: EventOf<typeof cascadeTimedOut>, run: Run): Promise<Outcome> {
    return this.cleanUp(event, run);
  }

  @OnEvent(cascadeCancelled)
  cancelled(event: EventOf<typeof cascadeCancelled>, run: Run): Promise<Outcome> {
    return this.cleanUp(event, run);
  }

  private async cleanUp(event: CascadeEvent, run: Run): Promise<Outcome> {
    const cascadeId = event.cascadeId;
    const removed = await run.step('clean up', () =>
      this.commands.send(gitCleanUp, { cascadeId }, { key: 'clean-up', cascadeId, signal: run.signal }));
    await this.agents.retire(cascadeId);
    return { save: this.cascades.retentionWrites(cascadeId, Date.parse(event.time)), publish: [publication(cascadeCleaned, removed)] };
  }
}
