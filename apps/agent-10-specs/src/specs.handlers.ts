import { Controller } from '@nestjs/common';
import { gitCommit, publication, specReady, storiesApproved, workItemEvents, type EventOf, type Outcome, type Run, type SpecTask } from '@cascade/contracts';
import { Model } from '@cascade/llm';
import { featureDirectory, nextFeatureNumber, parallelBatches, type DocumentFile } from '@cascade/spec-kit';
import { Agents, Approvals, type Proposal } from '@cascade/state';
import { CommandClient, OnEvent } from '@cascade/streams';
import type { FeatureFacts, ParsedDocuments } from './assemble-documents.js';
import { featureDocuments } from './feature-documents.js';
import { readMaterial } from './repository-material.js';
import { taskItems } from './task-items.js';
import { writeSpecification } from './write-specification.js';
import { writeTasks } from './write-tasks.js';

/** Tier 1: turns the approved stories into a Spec Kit feature folder with a task list that can be carried out. */
@Controller()
export class SpecsHandlers {
  constructor(private readonly commands: CommandClient, private readonly model: Model, private readonly agents: Agents, private readonly approvals: Approvals) {}

  @OnEvent(storiesApproved)
  async writeSpecs(event: EventOf<typeof storiesApproved>, run: Run): Promise<Outcome> {
    const { project, epic, stories } = event.data;
    const material = await readMaterial(event.data, this.commands, run);
    const facts: FeatureFacts = { project, epic, stories, directory: directoryOf(project.epicId, project.epicName, material.paths), created: event.time.slice(0, 10) };
    await this.agents.register(run, { tier: 1, folder: facts.directory });
    await run.progress({ kind: 'tier', text: `a Spec Kit feature folder for ${stories.length} ${stories.length === 1 ? 'story' : 'stories'}` });
    const documents = await writeSpecification(facts, material, this.model, run);
    await run.progress({ kind: 'artefact', text: `spec.md with ${documents.specification.requirements.length} functional requirements, plan.md, research.md with ${documents.research.decisions.length} decisions` });
    const tasks = await writeTasks(facts, documents, material, this.model, run);
    const files = featureDocuments(facts, documents, tasks);
    const integrationSha = await this.commit(facts, files, run);
    await this.approvals.require(run, 'spec', () => proposal(facts, documents, tasks, files, integrationSha));
    await run.progress({ kind: 'artefact', text: `${facts.directory}/ with ${summary(tasks)}, read back and valid` });
    const save = taskItems(facts, tasks, run.cascadeId);
    return {
      save,
      publish: [publication(specReady, { project, epic, stories, featureDirectory: facts.directory, tasks, integrationSha }), ...workItemEvents(save)],
    };
  }

  private async commit(facts: FeatureFacts, files: readonly DocumentFile[], run: Run): Promise<string> {
    const { sha } = await run.step('specs/commit', () => this.commands.send(gitCommit, {
      cascadeId: run.cascadeId, repositoryId: facts.project.repositoryId, target: { kind: 'integration' },
      files: files.map((file) => ({ path: file.path, content: file.content })),
      subject: `docs(specs): specify ${facts.project.epicName} in ${files.length} documents`, body: '',
      trailers: [{ name: 'Cascade-Id', value: run.cascadeId }, { name: 'Epic', value: String(facts.project.epicId) }],
    }, { key: 'specs/commit', cascadeId: run.cascadeId, signal: run.signal }));
    return sha;
  }
}

/** `specs/<epic id>-<epic name>`, or the next free number when the repository already has such a folder. */
function directoryOf(epicId: number, epicName: string, paths: readonly string[]): string {
  const wanted = featureDirectory(epicId, epicName);
  if (!paths.some((path) => path.startsWith(`${wanted}/`))) return wanted;
  const names = new Set(paths.flatMap((path) => /^specs\/([^/]+)\//.exec(path)?.[1] ?? []));
  return featureDirectory(nextFeatureNumber([...names]), epicName);
}

/** What a person decides on before the tasks are handed on. */
function proposal(facts: FeatureFacts, { specification }: ParsedDocuments, tasks: readonly SpecTask[], files: readonly DocumentFile[], commit: string): Proposal {
  return {
    question: `Approve the specification ${facts.directory}/ with ${specification.requirements.length} requirements and ${summary(tasks)}?`,
    lines: tasks.map((task) => `${task.id} ${task.kind}: ${task.title.length > 90 ? `${task.title.slice(0, 89)}…` : task.title}`),
    repositoryId: facts.project.repositoryId, commit, paths: files.map((file) => file.path),
  };
}

function summary(tasks: readonly SpecTask[]): string {
  const count = (kind: SpecTask['kind']): number => tasks.filter((task) => task.kind === kind).length;
  const together = parallelBatches(tasks).filter((batch) => batch.length > 1).length;
  return `${tasks.length} tasks (${count('test')} test, ${count('code')} code, ${count('chore')} chore; ${together} [P] set${together === 1 ? '' : 's'})`;
}
