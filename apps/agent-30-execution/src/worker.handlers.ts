import { Controller } from '@nestjs/common';
import { gitOpenWorkspace, gitReadFiles, publication, taskImplemented, taskReady, terminal, type Effect, type EventOf, type Outcome, type Project, type Run } from '@cascade/contracts';
import { DocsClient, surroundings } from '@cascade/docs-client';
import { Model } from '@cascade/llm';
import { CommandClient, OnEvent } from '@cascade/streams';
import { doUnit } from './do-unit.js';
import { GraphStore } from './graph-store.js';
import { MessageWriter } from './message-writer.js';
import { BenchFactory } from './bench-factory.js';
import { contextFit, programsOfUnit, ownPaths, readPaths, storyInWords, unitStep } from './work-unit.js';
import type { Texts } from './test-bench.js';
import { WorkspaceFiles } from './workspace-files.js';

/** Bound of the texts of one unit, in bytes: they all go into prompts. */
const MAX_UNIT_BYTES = 1_000_000;
const ELSEWHERE_TOKENS = 2_000;

/** Tier 3's workers: each takes one unit from its base commit to its last commit, in a workspace of its own. */
@Controller()
export class WorkerHandlers {
  constructor(private readonly graphs: GraphStore, private readonly commands: CommandClient, private readonly model: Model, private readonly messages: MessageWriter, private readonly benches: BenchFactory) {}

  @OnEvent(taskReady)
  async work(event: EventOf<typeof taskReady>, run: Run): Promise<Outcome> {
    const { project, taskId, attempt, baseSha, feedback } = event.data;
    const { plan } = await this.graphs.require(run.cascadeId);
    const { lead, tests } = programsOfUnit(plan, taskId);
    const prefix = unitStep(taskId, attempt);
    const effect = { kind: 'git.workspace', key: prefix, undo: { repositoryId: project.repositoryId } } satisfies Effect;
    await run.effect(effect, async () => null); // on record before the first one is opened
    // Each handling has its own: a worker that was frozen may still write into the one before.
    const workspace = await this.commands.send(gitOpenWorkspace, {
      cascadeId: run.cascadeId, repositoryId: project.repositoryId, key: prefix, base: baseSha, fence: run.fence,
    }, { key: `${prefix}/workspace/${run.fence}`, cascadeId: run.cascadeId, signal: run.signal });
    const base = await this.readBase(project.repositoryId, baseSha, { lead, tests }, prefix, run);
    const elsewhere = await this.elsewhere(project, { lead, tests }, base, prefix, run);
    const done = await doUnit({ project, lead, tests, attempt, base, elsewhere, story: storyInWords(plan, lead.storyId), ...(feedback === undefined ? {} : { feedback }) }, {
      run, model: this.model, messages: this.messages, commands: this.commands, workspaceId: workspace.workspaceId,
      files: new WorkspaceFiles(workspace.path, ownPaths({ lead, tests })),
      bench: await this.benches.open(project.testPlan, workspace.path, run.signal),
    });
    await run.progress({ kind: 'task', taskId, status: 'integrating', text: 'waits for the merge queue', ...(lead.storyId === undefined ? {} : { storyId: lead.storyId }) });
    return { save: [], publish: [publication(taskImplemented, { project, taskId, attempt, workspaceId: workspace.workspaceId, commitSha: done.commitSha, evidence: done.evidence })] };
  }

  /** Signatures of what the unit's files call and of what calls them, and of files that are too long for its prompts. */
  private elsewhere(project: Project, unit: Parameters<typeof readPaths>[0], base: Texts, prefix: string, run: Run): Promise<string | undefined> {
    const { shown, left } = contextFit(readPaths(unit).filter((path) => !ownPaths(unit).includes(path)), base);
    return surroundings(new DocsClient(this.commands), run, `${prefix}/docs`, project, { paths: ownPaths(unit), shown, outlined: left, tokens: ELSEWHERE_TOKENS });
  }

  /** Throws `CASC_FILE_UNREADABLE` (terminal) when a file that the unit is to write is not text, or too large. */
  private async readBase(repositoryId: string, commit: string, unit: Parameters<typeof readPaths>[0], prefix: string, run: Run): Promise<Texts> {
    const reply = await run.step(`${prefix}/files`, () => this.commands.send(gitReadFiles, { repositoryId, commit, paths: readPaths(unit), maxBytes: MAX_UNIT_BYTES }, { key: `${prefix}/files`, cascadeId: run.cascadeId, signal: run.signal }));
    const own = new Set(ownPaths(unit));
    const unreadable = reply.omitted.filter((file) => file.reason !== 'missing' && own.has(file.path));
    if (unreadable.length > 0) throw terminal('CASC_FILE_UNREADABLE', `Files that ${unit.lead.task.id} is to change cannot be read: ${unreadable.map((file) => `${file.path} (${file.reason})`).join(', ')}.`);
    return Object.fromEntries(reply.files.map((file) => [file.path, file.text]));
  }
}
