import { cascadeFailed, inputRequested, publication, redisKeys, type CascadeEvent, type Outcome, type Problem, type Run } from '@cascade/contracts';
import { outcome } from '../outcome.js';
import type { EventEntry, Fence, OpenedRun, RunSource } from '../run-source.js';

/** A minimal source of runs: nothing is journalled; failures and questions become state and events. */
export class TestRuns implements RunSource {
  readonly opened: EventEntry[] = [];
  closed = 0;

  async open(event: CascadeEvent, entry: EventEntry, shutdown: AbortSignal): Promise<OpenedRun> {
    this.opened.push(entry);
    const run: Run = {
      cascadeId: event.cascadeId,
      fence: this.opened.length,
      signal: shutdown,
      step: (_name, fn) => fn(),
      effect: (_intent, fn) => fn(),
      keptElsewhere: () => undefined,
      progress: async () => undefined,
      ask: async (_name, question) => question,
    };
    return { run, close: () => { this.closed += 1; } };
  }

  async failed(event: CascadeEvent, problem: Problem): Promise<Outcome | undefined> {
    if (event.cascadeId === 'nobody') return undefined;
    const { code, message } = problem;
    return outcome({
      save: [{ key: redisKeys.cascade(event.cascadeId), fields: { state: 'failed', code } }],
      publish: [publication(cascadeFailed, { service: 'test', problem: { code, message } })],
    });
  }

  async waiting(event: CascadeEvent, entry: EventEntry, problem: Problem): Promise<Outcome> {
    return outcome({
      save: [{ key: redisKeys.cascade(event.cascadeId), fields: { state: 'waiting', entry: JSON.stringify(entry.fields) } }],
      publish: [publication(inputRequested, { name: problem.code, question: problem.message })],
    });
  }

  fence(event: CascadeEvent): Fence {
    return { key: redisKeys.cascade(event.cascadeId), field: 'state', values: ['cancelled', 'failed'] };
  }
}
