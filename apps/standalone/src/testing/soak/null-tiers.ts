import { Controller, Module } from '@nestjs/common';
import {
  cascadeCleaned, cascadeCompleted, cascadeFailed, cascadeRequested, defineCommand, defineEvent, gitCleanUp, publication,
  type CascadeSummary, type EventOf, type Outcome, type ReplyOf, type Run,
} from '@cascade/contracts';
import type { ServiceDefinition } from '@cascade/service-host';
import { Agents, Cascades } from '@cascade/state';
import { CommandClient, OnCommand, OnEvent, outcome } from '@cascade/streams';
import { z } from 'zod';
import { Asker } from './asker.js';

const nothing = z.object({});
const storiesTold = defineEvent('soak.stories_told', 'Tier 0 of a null cascade is done.', nothing);
const specsWritten = defineEvent('soak.specs_written', 'Tier 1 of a null cascade is done.', nothing);
const taskReady = defineEvent('soak.task_ready', 'Tier 2 of a null cascade is done.', nothing);
const commit = defineCommand('soak.commit', 'Does nothing, in another service.', nothing, nothing);

const summary: CascadeSummary = { branch: 'none', commitSha: '0'.repeat(40), stories: [], tasks: [], featureDirectory: 'specs', gate: 'PASS' };
/** What a call of the null model may cost, and costs. */
const COST = { promptTokens: 1, completionTokens: 1, usd: 0 };
const callNullModel = (run: Run, tier: number): Promise<string> => run.step(`model/${tier}`, async () => 'null', { reserve: COST, usage: () => COST });

/** Null tiers do what the tiers do to Redis: a record, an agent with its effect, a journaled call that is paid, a command, a next event. */
@Controller()
class Tier0 {
  constructor(private readonly cascades: Cascades, private readonly agents: Agents) {}

  @OnEvent(cascadeRequested)
  async requested(event: EventOf<typeof cascadeRequested>, run: Run): Promise<Outcome> {
    await this.cascades.accept(event);
    await this.agents.register(run, { tier: 0, folder: 'docs/stories' });
    await callNullModel(run, 0);
    return outcome({ publish: [publication(storiesTold, {})] });
  }
}

@Controller()
class Tier1 {
  @OnEvent(storiesTold)
  async told(_: EventOf<typeof storiesTold>, run: Run): Promise<Outcome> {
    await callNullModel(run, 1);
    return outcome({ publish: [publication(specsWritten, {})] });
  }
}

@Controller()
class Tier2 {
  @OnEvent(specsWritten)
  async written(_: EventOf<typeof specsWritten>, run: Run): Promise<Outcome> {
    await callNullModel(run, 2);
    return outcome({ publish: [publication(taskReady, {})] });
  }
}

@Controller()
class Tier3 {
  constructor(private readonly commands: CommandClient, private readonly cascades: Cascades) {}

  @OnEvent(taskReady)
  async ready(_: EventOf<typeof taskReady>, run: Run): Promise<Outcome> {
    const { cascadeId, signal } = run;
    await callNullModel(run, 3);
    await run.step('commit', () => this.commands.send(commit, {}, { key: 'commit', cascadeId, signal }));
    return { save: [this.cascades.completedWrite(cascadeId, summary)], publish: [publication(cascadeCompleted, { summary })] };
  }
}

@Controller()
class NullGitWorker {
  @OnCommand(commit)
  async commit(): Promise<Record<string, never>> {
    return {};
  }

  @OnCommand(gitCleanUp)
  async cleanUp(): Promise<ReplyOf<typeof gitCleanUp>> {
    return { workspaces: 0, refs: 0 };
  }
}

/** Asks for the next cascade when one is over. */
@Controller()
class Ends {
  constructor(private readonly asker: Asker) {}

  @OnEvent(cascadeCleaned)
  async cleaned({ cascadeId }: EventOf<typeof cascadeCleaned>): Promise<Outcome> {
    this.asker.ended(cascadeId);
    return outcome({});
  }

  @OnEvent(cascadeFailed)
  async failed({ data: { problem } }: EventOf<typeof cascadeFailed>): Promise<Outcome> {
    this.asker.failed(problem);
    return outcome({});
  }
}

const controllers = { 'null-00': Tier0, 'null-10': Tier1, 'null-20': Tier2, 'null-30': Tier3, 'null-git-worker': NullGitWorker };

export function nullTiers(asker: Asker): ServiceDefinition[] {
  const tiers = Object.entries(controllers).map(([name, controller]) => {
    class NullModule {}
    Module({ controllers: [controller] })(NullModule);
    return { name, module: NullModule };
  });
  class EndsModule {}
  Module({ controllers: [Ends], providers: [{ provide: Asker, useValue: asker }] })(EndsModule);
  return [...tiers, { name: 'null-client', module: EndsModule }];
}
