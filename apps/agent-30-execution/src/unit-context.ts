import { gitCommit, type CommandBus, type Program, type Run, type TaskStatus } from '@cascade/contracts';
import type { Model } from '@cascade/llm';
import { applyChanges, isFileChanges, type Applied, type FileChange, type HostPredicates, type PredictContext, type Values } from '@cascade/programs';
import { boundedDiff } from './bounded-diff.js';
import type { MessageWriter } from './message-writer.js';
import type { TestBench, Texts } from './test-bench.js';
import { asContext, asFiles, ownPaths, unitStep, type WorkUnit } from './work-unit.js';
import type { Contents, WorkspaceFiles } from './workspace-files.js';

/** The one thing that the worker needs of a model. */
export type TextModel = Pick<Model, 'text'>;

export interface UnitTools {
  readonly run: Run;
  readonly model: TextModel;
  readonly messages: Pick<MessageWriter, 'commit'>;
  readonly commands: CommandBus;
  readonly bench: TestBench;
  readonly files: WorkspaceFiles;
  readonly workspaceId: string;
}

/** Named so that no file can have the name. */
const elsewhere = ({ elsewhere: text }: WorkUnit): FileChange[] => (text === undefined ? [] : [{ kind: 'whole', path: '(elsewhere in the repository)', text: `${text}\n` }]);

const present = (contents: Contents): Texts => Object.fromEntries(Object.entries(contents).flatMap(([path, text]) => (text === undefined ? [] : [[path, text] as const])));

/** What every part of a unit's work does in the same way: name steps, ask, commit, tell. */
export class UnitContext {
  /** What the workspace is to hold at the unit's own paths; it starts as the base commit. */
  private readonly contents: Record<string, string | undefined>;

  constructor(readonly unit: WorkUnit, readonly tools: UnitTools) {
    this.contents = Object.fromEntries(ownPaths(unit).map((path) => [path, unit.base[path]]));
  }

  /** Ids of the tests that passed at the base commit. */
  passedBefore: readonly string[] = [];

  /** A program's files as they are at the base commit. */
  original(program: Program): Texts {
    return present(Object.fromEntries(program.allowedPaths.map((path) => [path, this.unit.base[path]])));
  }

  /** Puts a program's files back to what they are at the base commit. */
  async putOriginal(program: Program): Promise<void> {
    await this.put(Object.fromEntries(program.allowedPaths.map((path) => [path, this.unit.base[path]])));
  }

  step(name: string): string {
    return `${unitStep(this.unit.lead.task.id, this.unit.attempt)}/${name}`;
  }

  /** The context of one prediction; requests are named by attempt and answer. */
  prediction(name: string, predicates: HostPredicates): (attempt: number) => PredictContext {
    const { run, model } = this.tools;
    return (attempt) => ({
      predicates, signal: run.signal,
      model: (system, user, options) => model.text(run, this.step(`${name}/${attempt}.${options.attempt}`), 'RunProgram', [system, user]),
    });
  }

  /** Input values that all programs share: the task, its files as they are, and other files to read. */
  inputs(program: Program, current: Texts): Values {
    const { task } = program;
    return {
      task: `${task.id} ${task.title} (${task.paths.join(', ')})`,
      current: asFiles(program.allowedPaths, current),
      context: [...asContext(program.contextPaths, this.unit.base), ...elsewhere(this.unit)],
    };
  }

  /** A program's files as they stand now. */
  texts(program: Program): Texts {
    return present(Object.fromEntries(program.allowedPaths.map((path) => [path, this.contents[path]])));
  }

  /** Applies an answer's files to `before`; problems instead when they do not fit. */
  apply(program: Program, before: Texts, values: Values): Applied {
    const changes = isFileChanges(values['files']) ? values['files'] : [];
    const foreign = changes.filter((change) => !program.allowedPaths.includes(change.path));
    if (foreign.length > 0) return { ok: false, problems: foreign.map((change) => `${change.path} is not one of the task's files`) };
    return applyChanges(before, changes);
  }

  /** Sets what the workspace is to hold, and makes it so. */
  async put(texts: Contents): Promise<void> {
    Object.assign(this.contents, texts);
    await this.restore();
  }

  /** The workspace as the unit wants it, whatever a run, or a process that was killed, left in it. */
  async restore(): Promise<void> {
    await this.tools.files.restore(this.contents);
  }

  /** Journalled commit of a program's files as they are in the workspace; `note` is added to the message. */
  async commit(type: string, program: Program, name: string, note = ''): Promise<string> {
    const { run, commands, messages, workspaceId } = this.tools;
    const { project, lead, story } = this.unit;
    const step = this.step(`commit/${name}`);
    const diff = boundedDiff(program.allowedPaths, this.unit.base, this.contents);
    const words = await messages.commit(run, this.step(`message/${name}`), { type, scope: project.epicName, program, story, diff });
    const paths = program.allowedPaths.filter((path) => this.contents[path] !== undefined || this.unit.base[path] !== undefined);
    await this.restore();
    const reply = await run.step(step, () => commands.send(gitCommit, {
      cascadeId: run.cascadeId, repositoryId: project.repositoryId, target: { kind: 'workspace', workspaceId, paths }, files: [],
      subject: words.subject, body: [words.body, note].filter((part) => part !== '').join('\n\n'),
      trailers: [
        { name: 'Cascade-Id', value: run.cascadeId },
        ...(lead.storyId === undefined ? [] : [{ name: 'Story', value: lead.storyId }]),
        { name: 'Task', value: program.task.id },
      ],
    }, { key: step, cascadeId: run.cascadeId, signal: run.signal }));
    return reply.sha;
  }

  async tell(program: Program, status: TaskStatus, text: string): Promise<void> {
    const { storyId } = this.unit.lead;
    await this.tools.run.progress({ kind: 'task', taskId: program.task.id, status, text, ...(storyId === undefined ? {} : { storyId }) });
  }
}
