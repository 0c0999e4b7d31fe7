import { Controller } from '@nestjs/common';
import { cancelled, publication, taskConflicted, taskImplemented, taskIntegrated, terminal, type DataOf, type EventOf, type Outcome, type Run } from '@cascade/contracts';
import { GitRepositories, KeyedMutex, type MergeResult } from '@cascade/git';
import { OnEvent } from '@cascade/streams';
import { gitMetrics, type MergeEnd } from '@cascade/telemetry';
import { CommitTests } from './commit-tests.js';
import { isAcceptable, isGreen, type SuiteResult } from './suite.js';

/** How often a candidate is made anew because another worker moved the integration branch during its test run. */
const MAX_ROUNDS = 30;
/** Bound of `task.conflicted`'s output. */
const MAX_OUTPUT = 20_000;
const CUT = '\n(The rest is left out.)';

type Implemented = EventOf<typeof taskImplemented>;
type Candidate = MergeResult & { readonly tip: string };

/**
 * The merge queue. A finished task goes through: merge into the integration tip, without a checkout → the whole suite
 * on the merged candidate → the tip moves to the candidate, if it is still where it was; else all again with the new
 * tip. A merge that conflicts or tests that newly fail end it with `task.conflicted`, and nothing moved.
 *
 * The tasks of one cascade pass one by one in each process; between processes the compare-and-swap of the tip decides.
 * The steps' names carry task, attempt and round, so that a handler that runs again continues where it was killed.
 */
@Controller()
export class MergeQueueHandlers {
  private readonly queue = new KeyedMutex();

  constructor(private readonly git: GitRepositories, private readonly tests: CommitTests) {
    for (const metric of [gitMetrics.merged, gitMetrics.mergeSeconds]) metric.begin();
  }

  @OnEvent(taskImplemented)
  async integrate(event: Implemented, run: Run): Promise<Outcome> {
    const begin = performance.now();
    let result: MergeEnd = 'error';
    try {
      const outcome = await this.queue.run(run.cascadeId, () => this.integrateInTurn(event, run));
      result = endOf(outcome);
      return outcome;
    } finally {
      gitMetrics.merged.add({ result });
      gitMetrics.mergeSeconds.observe({}, (performance.now() - begin) / 1_000);
    }
  }

  private async integrateInTurn(event: Implemented, run: Run): Promise<Outcome> {
    const { taskId } = event.data;
    if (run.signal.aborted) throw cancelled('The cascade ended before its task was integrated.');
    await run.progress({ kind: 'task', taskId, status: 'integrating', text: 'is merged and tested' });
    for (let round = 1; round <= MAX_ROUNDS; round += 1) {
      const candidate = await this.merge(event, run, round);
      if (candidate.kind === 'conflict') return await this.conflicted(event, run, 'merge', candidate.paths, candidate.output, candidate.tip);
      if (candidate.kind === 'contained') return await this.integrated(event, run, candidate.tip, event.data.evidence.report);
      const suite = await this.test(event, run, candidate.candidate, `candidate/${round}`);
      if (!isGreen(suite) && !isAcceptable(suite, await this.baseline(event, run))) {
        return await this.conflicted(event, run, 'tests', [], suite.feedback, candidate.tip);
      }
      if (await this.advance(event, run, round, candidate)) return await this.integrated(event, run, candidate.candidate, suite.report);
    }
    throw terminal('CASC_MERGE_QUEUE_BUSY', `The integration branch moved during each of ${MAX_ROUNDS} test runs of ${taskId}.`, { advice: 'Run fewer git-workers.' });
  }

  private step(event: Implemented, name: string): string {
    return `merge/${event.data.taskId}/${event.data.attempt}/${name}`;
  }

  private async merge(event: Implemented, run: Run, round: number): Promise<Candidate> {
    const { project, taskId, commitSha } = event.data;
    return await run.step(this.step(event, `merge/${round}`), async () => {
      const tip = await this.git.integrationTip(run.cascadeId, project.repositoryId, run.signal);
      const text = { subject: `Merge task ${taskId}`, body: '', trailers: [{ name: 'Cascade-Id', value: run.cascadeId }, { name: 'Task', value: taskId }] };
      return { tip, ...await this.git.merge(project.repositoryId, tip, commitSha, text, run.signal) };
    });
  }

  /** Runs the suite on a commit, in a workspace of the queue's own. */
  private async test(event: Implemented, run: Run, commit: string, name: string): Promise<SuiteResult> {
    return await run.step(this.step(event, name), () => this.runSuite(event, run, commit, this.step(event, name)));
  }

  private async runSuite(event: Implemented, run: Run, commit: string, key: string): Promise<SuiteResult> {
    const { repositoryId, testPlan } = event.data.project;
    return await this.tests.run({ cascadeId: run.cascadeId, repositoryId, key, commit, testPlan, fence: run.fence }, run.signal);
  }

  /** What failed before the cascade began; asked for only when something fails now, and once for a cascade. */
  private async baseline(event: Implemented, run: Run): Promise<SuiteResult> {
    const name = 'merge/baseline';
    return await run.step(name, () => this.runSuite(event, run, event.data.project.baseSha, name));
  }

  private async advance(event: Implemented, run: Run, round: number, { tip, candidate }: Extract<Candidate, { kind: 'merged' }>): Promise<boolean> {
    const { repositoryId } = event.data.project;
    return await run.step(this.step(event, `advance/${round}`), async () => {
      if (await this.git.advance(run.cascadeId, repositoryId, candidate, tip, run.signal)) return true;
      // Moved by this very step, and killed before that was recorded?
      return await this.git.contains(repositoryId, await this.git.integrationTip(run.cascadeId, repositoryId, run.signal), candidate, run.signal);
    });
  }

  private async integrated(event: Implemented, run: Run, integrationSha: string, report: SuiteResult['report']): Promise<Outcome> {
    const { project, taskId, attempt, commitSha, evidence, workspaceId } = event.data;
    await run.step(this.step(event, 'close'), () => this.git.workspaces.closeTask(run.cascadeId, workspaceId));
    await run.progress({ kind: 'task', taskId, status: 'integrated', text: 'is in the result' });
    return { save: [], publish: [publication(taskIntegrated, { project, taskId, attempt, commitSha, integrationSha, evidence, ...(report === undefined ? {} : { report }) })] };
  }

  private async conflicted(event: Implemented, run: Run, reason: 'merge' | 'tests', paths: string[], text: string, integrationSha: string): Promise<Outcome> {
    const { project, taskId, attempt, workspaceId } = event.data;
    // The next attempt starts from another commit, in another workspace.
    await run.step(this.step(event, 'close'), () => this.git.workspaces.closeTask(run.cascadeId, workspaceId));
    const output = text.length <= MAX_OUTPUT ? text : `${text.slice(0, MAX_OUTPUT - CUT.length)}${CUT}`;
    await run.progress({ kind: 'task', taskId, status: 'conflicted', text: reason === 'merge' ? `does not merge: ${paths.slice(0, 5).join(', ')}` : `makes tests fail after the merge` });
    return { save: [], publish: [publication(taskConflicted, { project, taskId, attempt, reason, paths, output, integrationSha })] };
  }
}

function endOf({ publish }: Outcome): MergeEnd {
  const conflict = publish.find(({ definition }) => definition.type === taskConflicted.type);
  if (conflict === undefined) return 'integrated';
  return (conflict.data as DataOf<typeof taskConflicted>).reason === 'merge' ? 'conflict' : 'tests_failed';
}
