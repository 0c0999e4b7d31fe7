import { Controller } from '@nestjs/common';
import {
  programsReady, publication, storyVerified, taskConflicted, taskIntegrated, taskReady, terminal, workItemEvents,
  type DataOf, type EventOf, type Outcome, type Publication, type Run, type StateWrite,
} from '@cascade/contracts';
import { Agents } from '@cascade/state';
import { OnEvent } from '@cascade/streams';
import { CascadeFinisher } from './cascade-finisher.js';
import { expectVersion, graphWrite, type GraphState } from './graph-state.js';
import { GraphStore } from './graph-store.js';
import { closeJoined, finishJoined } from './joins.js';
import { IntegrationBranch } from './integration-branch.js';
import { MAX_UNIT_ATTEMPTS, onConflicted, onIntegrated, startGraph, type Decision, type Start } from './schedule.js';
import { StoryCloser } from './story-closer.js';
import { plainOutput } from './plain-output.js';
import { storyItem, unitItems } from './work-items.js';

const nothing: Outcome = { save: [], publish: [] };

/**
 * Tier 3's scheduler: starts what waits for nothing, closes stories, ends the cascade. It decides by pure functions on
 * the graph's state; the outcome is refused when another event made a newer version meanwhile.
 */
@Controller()
export class SchedulerHandlers {
  constructor(
    private readonly graphs: GraphStore, private readonly agents: Agents, private readonly branch: IntegrationBranch,
    private readonly stories: StoryCloser, private readonly finisher: CascadeFinisher,
  ) {}

  @OnEvent(programsReady)
  async start(event: EventOf<typeof programsReady>, run: Run): Promise<Outcome> {
    if (await this.graphs.find(run.cascadeId) !== undefined) return nothing;
    await this.agents.register(run, { tier: 3, folder: 'docs/qa' });
    const decision = startGraph(event.data);
    for (const { task } of event.data.programs) await run.progress({ kind: 'task', taskId: task.id, status: 'waiting', text: task.title });
    await run.progress({ kind: 'tier', text: `${Object.keys(decision.state.units).length} units, ${decision.start.length} start now` });
    return {
      save: [graphWrite(run.cascadeId, decision.state)],
      publish: starts(decision.start, decision.state, event.data.integrationSha),
      expect: expectVersion(run.cascadeId, undefined),
    };
  }

  @OnEvent(taskIntegrated)
  async integrated(event: EventOf<typeof taskIntegrated>, run: Run): Promise<Outcome> {
    const before = await this.graphs.require(run.cascadeId);
    const decision = onIntegrated(before, event.data, event.traceparent);
    if (decision === undefined) return nothing;
    const closed = await this.closeStories(decision, event, run);
    const save: StateWrite[] = [graphWrite(run.cascadeId, closed.state), ...unitItems(closed.state, event.data.taskId, run.cascadeId, Date.parse(event.time)), ...closed.save];
    const end = decision.finished ? await finishJoined(closed.state, () => this.finisher.finish(closed.state, Date.parse(event.time), run)) : nothing;
    const next = await this.starts(decision, closed.state, run);
    const saved = [...save, ...end.save];
    return { save: saved, publish: [...closed.publish, ...next, ...end.publish, ...workItemEvents(saved)], expect: expectVersion(run.cascadeId, before) };
  }

  /** Throws `CASC_TASK_CONFLICTED` (terminal) when the unit has had all its attempts. */
  @OnEvent(taskConflicted)
  async conflicted(event: EventOf<typeof taskConflicted>, run: Run): Promise<Outcome> {
    const { taskId } = event.data;
    const before = await this.graphs.require(run.cascadeId);
    const feedback = conflictFeedback(event.data);
    const decision = onConflicted(before, event.data, feedback);
    if (decision === undefined) return nothing;
    if (decision === 'exhausted') {
      throw terminal('CASC_TASK_CONFLICTED', `${taskId} could not be integrated in ${MAX_UNIT_ATTEMPTS} attempts.`, { findings: [feedback.slice(0, 4000)], advice: 'Ask for less in one request, or make the parts independent of each other.' });
    }
    return { save: [graphWrite(run.cascadeId, decision.state)], publish: await this.starts(decision, decision.state, run), expect: expectVersion(run.cascadeId, before) };
  }

  private async closeStories(decision: Decision, event: EventOf<typeof taskIntegrated>, run: Run): Promise<{ state: GraphState; save: StateWrite[]; publish: Publication[] }> {
    let { state } = decision;
    const save: StateWrite[] = [];
    const publish: Publication[] = [];
    for (const storyId of decision.storiesDone) {
      const before = state;
      const { closed, trace } = await closeJoined(before, storyId, () => this.stories.close(before, storyId, new Date(event.time).toISOString(), run));
      const { story, verdict, criteria, sha } = closed;
      state = { ...state, verdicts: { ...state.verdicts, [storyId]: { ...verdict, ...trace } } };
      save.push(storyItem(state.plan, { story, verdict, criteria }, run.cascadeId, Date.parse(event.time)));
      publish.push(publication(storyVerified, { project: state.plan.project, storyId, gate: verdict.gate, reasons: verdict.reasons, gatePath: verdict.gatePath, integrationSha: sha }));
    }
    return { state, save, publish };
  }

  private async starts(decision: Decision, state: GraphState, run: Run): Promise<Publication[]> {
    if (decision.start.length === 0) return [];
    return starts(decision.start, state, await this.branch.tip(state.plan, run, `schedule/v${state.version}/tip`));
  }
}

const starts = (list: readonly Start[], state: GraphState, baseSha: string): Publication[] =>
  list.map((start) => publication(taskReady, { project: state.plan.project, taskId: start.taskId, attempt: start.attempt, baseSha, ...(start.feedback === undefined ? {} : { feedback: start.feedback }) }));

/** What the next attempt is told, in words that are the same in every run. */
export function conflictFeedback(data: Pick<DataOf<typeof taskConflicted>, 'reason' | 'paths' | 'output'>): string {
  if (data.reason === 'merge') return `The work could not be merged: another task changed the same lines of ${data.paths.toSorted().slice(0, 20).join(', ')}. The files are shown as they are now.`;
  return `The work passed alone, but tests failed after it was merged with what other tasks had changed. The files are shown as they are now.\n${plainOutput(data.output)}`;
}
