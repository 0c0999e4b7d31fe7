import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { CypherQuestion, EngineJob, EngineReport } from './engine-jobs.js';

// Node cannot run our sources as they are; tests run the program that was built.
const program = fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? '../../dist/store/engine-worker.js' : './engine-worker.js', import.meta.url));

/** How an engine process ended without a report: by a signal (the engine crashed, or it was killed), or with a code. */
export interface Ended {
  readonly kind: 'ended';
  readonly how: string;
}

/** A process that has one database open and does one job with it. */
export class EngineProcess {
  private readonly child: ChildProcess;
  private readonly ended: Promise<Ended>;

  /** `folder` is its working directory. */
  constructor(private readonly job: EngineJob, folder: string) {
    this.child = fork(program, [], { cwd: folder, execArgv: [], env: {}, stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
    this.ended = new Promise((resolve) => {
      this.child.once('error', (error) => resolve({ kind: 'ended', how: error.message }));
      this.child.once('exit', (code, signal) => resolve({ kind: 'ended', how: signal ?? `code ${code}` }));
    });
  }

  /** Its first report: the job is done, or (for `answer`) it is ready. */
  begin(): Promise<EngineReport | Ended> {
    return this.ask(this.job);
  }

  /** Sends, and waits for the report that follows; one at a time. */
  async ask(message: EngineJob | CypherQuestion): Promise<EngineReport | Ended> {
    let listener: (report: EngineReport) => void = () => undefined;
    const reported = new Promise<EngineReport>((resolve) => this.child.once('message', listener = (report: EngineReport) => resolve(report)));
    this.child.send(message, () => undefined); // that it could not be sent shows in its end
    const report = await Promise.race([reported, this.ended]);
    this.child.off('message', listener);
    return report;
  }

  /** Ends it whatever it is doing. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }
}

/** Does one job from beginning to end; gives what went wrong, in the engine's words, or undefined. */
export async function runEngineJob(job: EngineJob, folder: string): Promise<string | undefined> {
  const process = new EngineProcess(job, folder);
  try {
    const report = await process.begin();
    if (report.kind === 'done') return undefined;
    return report.kind === 'failed' ? report.message : `the engine's process ended (${report.kind === 'ended' ? report.how : report.kind})`;
  } finally {
    await process.kill();
  }
}
