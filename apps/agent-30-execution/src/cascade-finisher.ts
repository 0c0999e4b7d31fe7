import { Injectable } from '@nestjs/common';
import { cascadeCompleted, publication, reportPath, type CascadeSummary, type Publication, type Run, type StateWrite } from '@cascade/contracts';
import { markTaskDone } from '@cascade/spec-kit';
import { Approvals, Cascades, type Proposal } from '@cascade/state';
import { renderReport, resultBranch, summarise } from './final-report.js';
import type { GraphState } from './graph-state.js';
import { IntegrationBranch } from './integration-branch.js';
import { PullRequestText } from './pull-request-text.js';
import { doneTasks } from './story-closer.js';
import { epicItem } from './work-items.js';

/** The end of the road: report, result branch, `cascade.completed`. */
@Injectable()
export class CascadeFinisher {
  constructor(private readonly branch: IntegrationBranch, private readonly cascades: Cascades, private readonly approvals: Approvals, private readonly pullRequest: PullRequestText) {}

  /** `modifiedAt` is the time of the last event, in Unix milliseconds. */
  async finish(state: GraphState, modifiedAt: number, run: Run): Promise<{ save: StateWrite[]; publish: Publication[] }> {
    const { plan } = state;
    const step = `finish/v${state.version}`;
    const tip = await this.branch.tip(plan, run, `${step}/tip`);
    const tasksPath = `${plan.featureDirectory}/tasks.md`;
    const tasks = (await this.branch.read(plan, run, `${step}/documents`, tip, [tasksPath])).get(tasksPath);
    const files = [
      { path: reportPath(state.plan.project.epicId), content: renderReport(state, summarise(state, tip)) },
      ...(tasks === undefined ? [] : [{ path: tasksPath, content: markTaskDone(tasks, doneTasks(state)) }]),
    ];
    const { sha } = await this.branch.commit(plan, run, `${step}/commit`, `docs(${plan.project.epicName}): report of epic ${plan.epic.id}`, files);
    await run.progress({ kind: 'artefact', text: `report in ${reportPath(state.plan.project.epicId)}` });
    await this.approvals.require(run, 'merge', () => proposal(state, sha));
    const branch = await this.branch.publish(plan, run, sha, resultBranch(state));
    const pullRequest = await this.pullRequest.write(state, run, `${step}/pull-request`);
    const summary: CascadeSummary = { ...summarise(state, sha), branch, ...(pullRequest === undefined ? {} : { pullRequest }) };
    await run.progress({ kind: 'tier', text: `result on branch ${branch}` });
    return { save: [epicItem(plan, run.cascadeId, modifiedAt, { qa_gate: summary.gate, result_branch: branch }), this.cascades.completedWrite(run.cascadeId, summary)], publish: [publication(cascadeCompleted, { summary })] };
  }
}

/** What a person decides on before the result reaches the user's repository. */
function proposal(state: GraphState, commit: string): Proposal {
  const { plan } = state;
  const summary = summarise(state, commit);
  const gates = plan.stories.flatMap((story) => state.verdicts[story.id]?.gatePath ?? []);
  const written = plan.programs.flatMap((program) => program.allowedPaths);
  return {
    question: `Publish the result as branch ${resultBranch(state)} (${summary.tasks.length} tasks, gate ${summary.gate})?`,
    lines: summary.stories.flatMap((story) => [`story ${story.id} ${story.title}: gate ${story.gate}, highest risk ${story.highestRisk} of 9`, ...story.reasons.map((reason) => `  ${reason}`)]),
    repositoryId: plan.project.repositoryId, commit, paths: [...new Set([reportPath(state.plan.project.epicId), ...gates, ...written.toSorted()])],
  };
}
