import { Injectable } from '@nestjs/common';
import { cascadeCompleted, publication, type CascadeSummary, type Publication, type Run, type StateWrite } from '@cascade/contracts';
import { markTaskDone } from '@cascade/spec-kit';
import { Cascades } from '@cascade/state';
import { renderReport, reportPath, resultBranch, summarise } from './final-report.js';
import type { GraphState } from './graph-state.js';
import { IntegrationBranch } from './integration-branch.js';
import { doneTasks } from './story-closer.js';
import { epicItem } from './work-items.js';

/** The end of the road: report, result branch, `cascade.completed`. */
@Injectable()
export class CascadeFinisher {
  constructor(private readonly branch: IntegrationBranch, private readonly cascades: Cascades) {}

  /** `modifiedAt` is the time of the last event, in Unix milliseconds. */
  async finish(state: GraphState, modifiedAt: number, run: Run): Promise<{ save: StateWrite[]; publish: Publication[] }> {
    const { plan } = state;
    const step = `finish/v${state.version}`;
    const tip = await this.branch.tip(plan, run, `${step}/tip`);
    const tasksPath = `${plan.featureDirectory}/tasks.md`;
    const tasks = (await this.branch.read(plan, run, `${step}/documents`, tip, [tasksPath])).get(tasksPath);
    const files = [
      { path: reportPath(state), content: renderReport(state, summarise(state, tip)) },
      ...(tasks === undefined ? [] : [{ path: tasksPath, content: markTaskDone(tasks, doneTasks(state)) }]),
    ];
    const { sha } = await this.branch.commit(plan, run, `${step}/commit`, `docs(${plan.project.epicName}): report of epic ${plan.epic.id}`, files);
    await run.progress({ kind: 'artefact', text: `report in ${reportPath(state)}` });
    const branch = await this.branch.publish(plan, run, sha, resultBranch(state));
    const summary: CascadeSummary = { ...summarise(state, sha), branch };
    await run.progress({ kind: 'tier', text: `result on branch ${branch}` });
    return { save: [epicItem(plan, run.cascadeId, modifiedAt, { qa_gate: summary.gate, result_branch: branch }), this.cascades.completedWrite(run.cascadeId, summary)], publish: [publication(cascadeCompleted, { summary })] };
  }
}
