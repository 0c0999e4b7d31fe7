import { DefaultRenderer, Listr, ListrLogger, PRESET_TIMER, ProcessOutput, type ListrTask, type ListrTaskWrapper, type SimpleRenderer } from 'listr2';
import type { TaskStatus } from '@cascade/contracts';
import type { ProgressModel, TaskView, TierView } from './progress-model.js';
import { oneLine } from './screen.js';

/** Output that can be told to leave no last frame behind. */
class Output extends ProcessOutput {
  silent = false;

  override toStdout(text: string, endLine?: boolean): boolean {
    return this.silent || super.toStdout(text, endLine);
  }
}

/** Knows the renderer that listr2 makes for it, once that draws. */
class TreeLogger extends ListrLogger {
  readonly drawing = Promise.withResolvers<TerminalRenderer>();
}

/** Draws on the terminal that it is given; listr2 would look at stdout, where results go and which is often a pipe. */
class TerminalRenderer extends DefaultRenderer {
  static override nonTTY = true as unknown as false;
  readonly #logger: TreeLogger;

  constructor(...given: ConstructorParameters<typeof DefaultRenderer>) {
    super(...given);
    this.#logger = given[1].logger as TreeLogger;
  }

  override async render(): Promise<void> {
    await super.render();
    this.#logger.drawing.resolve(this);
  }
}

type Wrapper = ListrTaskWrapper<unknown, typeof TerminalRenderer, typeof SimpleRenderer>;
type Tree = Listr<unknown, typeof TerminalRenderer>;

/** Columns of a row that are not its text: indentation, mark, timer. */
const ROOM = 38;
const settled: readonly TaskStatus[] = ['integrated', 'red', 'failed'];

/** A row of the tree that waits for its cascade: it ends when `end` is called, once. */
class Row {
  private wrapper: Wrapper | undefined;
  private readonly ended = Promise.withResolvers<'done' | 'skipped'>();
  private readonly started = Promise.withResolvers<void>();

  constructor(private title: string) {
    this.ended.promise.catch(() => undefined); // a row that never started has nobody who looks at its end
  }

  /** What listr2 runs; a row with `children` ends with them. */
  task(children?: (wrapper: Wrapper) => Promise<Tree>): ListrTask<unknown, typeof TerminalRenderer, typeof SimpleRenderer> {
    return {
      title: this.title,
      task: async (_context, wrapper) => {
        this.wrapper = wrapper as Wrapper;
        this.started.resolve();
        wrapper.title = this.title;
        if (children !== undefined) return children(this.wrapper);
        if ((await this.ended.promise) === 'skipped') this.wrapper.skip();
        return undefined;
      },
    };
  }

  show(title: string): void {
    this.title = title;
    if (this.wrapper !== undefined) this.wrapper.title = title;
  }

  end(how: 'done' | 'skipped' | 'failed'): void {
    if (how === 'failed') this.ended.reject(new EndedBadly(this.title));
    else this.ended.resolve(how);
  }
}

/** Marks a row as failed; listr2 takes an error for that. Never leaves this file. */
class EndedBadly extends Error {
  override readonly name = 'EndedBadly';
}

/**
 * A tree of tiers and tasks on a terminal, drawn by listr2. Rows are listr2 tasks that wait: `update` shows the model's
 * texts and ends the rows whose work has ended, so listr2 starts the next ones; `close` ends what is left.
 */
export class LiveTree {
  private readonly tiers: readonly Row[];
  private readonly tasks = new Map<string, Row>();
  private readonly result = new Row('result');
  private readonly tasksKnown = Promise.withResolvers<void>();
  private readonly finished: Promise<unknown>;
  private readonly output: Output;
  private readonly logger: TreeLogger;
  private paused = false;

  constructor(private readonly model: ProgressModel, private readonly terminal: NodeJS.WriteStream) {
    this.output = new Output(terminal, terminal, { leaveEmptyLine: false });
    this.logger = new TreeLogger({ useIcons: true, processOutput: this.output });
    this.tiers = model.tiers.map((tier) => new Row(this.tierTitle(tier)));
    const list = new Listr(this.tiers.map((row, tier) => row.task(tier === this.tiers.length - 1 ? (wrapper) => this.taskList(wrapper) : undefined)), {
      concurrent: false, exitOnError: true, registerSignalListeners: false, renderer: TerminalRenderer,
      rendererOptions: { logger: this.logger, collapseSubtasks: false, showErrorMessage: false, collapseErrors: false, formatOutput: 'truncate', timer: PRESET_TIMER },
    });
    this.finished = list.run().catch(() => undefined); // a failed tier; how it ended is told by the record
  }

  /** Brings the tree to the model. */
  update(): void {
    if (this.paused) return;
    for (const tier of this.model.tiers) {
      const row = this.tiers[tier.tier];
      row?.show(this.tierTitle(tier));
      if (tier.state === 'done' || tier.state === 'failed') this.rowThatEnds(tier.tier)?.end(tier.state);
    }
    for (const task of this.model.tasks) this.updateTask(task);
  }

  /** Takes the tree off the screen, until `resume` draws it again with all that happened meanwhile. */
  async pause(): Promise<void> {
    const renderer = await this.logger.drawing.promise;
    this.paused = true;
    this.output.silent = true;
    renderer.end();
    this.output.silent = false;
  }

  async resume(): Promise<void> {
    if (!this.paused) return;
    await (await this.logger.drawing.promise).render();
    this.paused = false;
    this.update();
  }

  /** Leaves the last state on the screen: what has not ended is shown as skipped. */
  async close(): Promise<void> {
    await this.resume();
    this.update();
    this.tasksKnown.resolve();
    for (const row of this.tasks.values()) row.end('skipped');
    for (const { tier, state } of this.model.tiers) {
      const last = tier === this.tiers.length - 1;
      this.rowThatEnds(tier)?.end(state === 'done' || state === 'failed' ? state : last ? 'failed' : 'skipped'); // a tick on the last tier would say that all is done
    }
    await this.finished;
  }

  /** The last tier ends with its children. */
  private rowThatEnds(tier: number): Row | undefined {
    return tier === this.tiers.length - 1 ? this.result : this.tiers[tier];
  }

  private updateTask(task: TaskView): void {
    const known = this.tasks.get(task.id);
    if (known === undefined) this.tasks.set(task.id, new Row(this.taskTitle(task)));
    else known.show(this.taskTitle(task));
    if (settled.includes(task.status)) this.tasks.get(task.id)?.end(task.status === 'failed' ? 'failed' : 'done');
    if (task.status !== 'waiting') this.tasksKnown.resolve(); // the scheduler names all tasks before the first one starts
  }

  /** The tasks, and after them the row for what the last tier does with their results. */
  private async taskList(wrapper: Wrapper): Promise<Tree> {
    await this.tasksKnown.promise;
    const rows = [...this.tasks].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row.task());
    return wrapper.newListr([...rows, this.result.task()], { concurrent: true }) as unknown as Tree;
  }

  private tierTitle({ tier, name, text }: TierView): string {
    return `${tier} ${name.padEnd(11)}${oneLine(text, this.room())}`.trimEnd();
  }

  private taskTitle({ id, status, text }: TaskView): string {
    return `${id} ${status.padEnd(14)}${oneLine(text, this.room())}`.trimEnd();
  }

  private room(): number {
    return Math.max(20, (this.terminal.columns || 80) - ROOM);
  }
}
