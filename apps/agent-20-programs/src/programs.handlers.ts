import { Controller } from '@nestjs/common';
import { gitCommit, programsReady, publication, specReady, workItemEvents, type EventOf, type Outcome, type Program, type Run } from '@cascade/contracts';
import { Model } from '@cascade/llm';
import { canonicalJson, sha256 } from '@cascade/programs';
import { Agents } from '@cascade/state';
import { CommandClient, OnEvent } from '@cascade/streams';
import { assembleProgram } from './assemble-program.js';
import { readMaterial } from './design-material.js';
import { designStories } from './design-stories.js';
import { taskItem } from './task-item.js';

/** Tier 2: makes every task of a specification a typed program, as data. */
@Controller()
export class ProgramsHandlers {
  constructor(private readonly commands: CommandClient, private readonly model: Model, private readonly agents: Agents) {}

  @OnEvent(specReady)
  async writePrograms(event: EventOf<typeof specReady>, run: Run): Promise<Outcome> {
    const { data } = event;
    const folder = `${data.featureDirectory}/programs`;
    await this.agents.register(run, { tier: 2, folder });
    await run.progress({ kind: 'tier', text: `one typed program for each of ${data.tasks.length} tasks` });
    const material = await readMaterial(data, this.commands, run);
    const designs = await designStories(data, material, this.model, run);
    const input = {
      stories: data.stories, tasks: data.tasks, plan: data.project.testPlan, repositoryFiles: new Set(material.paths), designs,
      specHash: sha256(canonicalJson({ epic: data.epic, stories: data.stories, tasks: data.tasks })),
    };
    const programs = data.tasks.map((task) => assembleProgram(task, input));
    const pathOf = (program: Program): string => `${folder}/${program.task.id}.json`;
    const committed = await run.step('programs/commit', () => this.commands.send(gitCommit, {
      cascadeId: run.cascadeId, repositoryId: data.project.repositoryId, target: { kind: 'integration' },
      files: programs.map((program) => ({ path: pathOf(program), content: `${JSON.stringify(program, null, 2)}\n` })),
      subject: `docs(${data.project.epicName}): programs of ${programs.length} tasks`, body: '', trailers: [{ name: 'Cascade-Id', value: run.cascadeId }],
    }, { key: 'programs/commit', cascadeId: run.cascadeId, signal: run.signal }));
    await run.progress({ kind: 'artefact', text: `${programs.length} programs in ${folder}/` });
    const save = programs.map((program) => taskItem(program, pathOf(program), data.stories.find((story) => story.id === program.storyId), data.project, `${data.featureDirectory}/tasks.md`, run.cascadeId));
    return {
      save,
      publish: [publication(programsReady, {
        project: data.project, epic: data.epic, stories: data.stories, featureDirectory: data.featureDirectory, programs, integrationSha: committed.sha,
      }), ...workItemEvents(save)],
    };
  }
}
