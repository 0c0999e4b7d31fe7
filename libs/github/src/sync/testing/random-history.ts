import type { SeededRandom } from '@cascade/testing';
import { Marks } from '../marks.js';
import type { ModelDelivery } from './model-world.js';
import { ModelGithub, ModelStore } from './model-world.js';
import { reconcile, receive, type ModelSyncer } from './model-syncer.js';
import { PersonModel } from './person-model.js';
import { sampleEpicKey, sampleEpicRow } from './sample-items.js';

export interface HistoryOptions {
  readonly actions: number;
  readonly crashes: number;
  readonly losses: number;
}

export interface HistoryOutcome {
  readonly syncer: ModelSyncer;
  readonly person: PersonModel;
  /** Edits of either side. */
  readonly changes: number;
  readonly crashed: number;
  readonly lostEdits: number;
}

const statuses = ['Draft', 'Approved', 'InProgress', 'Review', 'Done'];

/**
 * Both sides edit, in any order with the steps of the syncer, which dies between any two of them; deliveries come late,
 * twice, in another order, or not at all until a sweep asks for them. Then everybody rests, and what is left is done.
 */
export function runHistory(random: SeededRandom, options: HistoryOptions): HistoryOutcome {
  const github = new ModelGithub();
  const store = new ModelStore(sampleEpicRow());
  const syncer: ModelSyncer = { key: sampleEpicKey, marks: new Marks('model'), github, store, sharesLogin: random.chance(0.3), isAnswerLost: () => random.chance(0.1) };
  const person = new PersonModel(random, github, syncer.marks, sampleEpicKey, () => store.isMapped);
  const run = { active: undefined as Generator<string, void, void> | undefined, changes: 0, crashed: 0 };
  const step = (): void => {
    if (run.active === undefined && store.dirty !== 0) run.active = reconcile(syncer);
    if (run.active?.next().done === true) run.active = undefined;
  };
  for (let action = 0; action < options.actions; action += 1) {
    const dice = random.next();
    if (dice < 0.12) {
      machineEdit(random, store, action);
      run.changes += 1;
    } else if (dice < 0.3) run.changes += person.act(action) ? 1 : 0;
    else if (dice < 0.5) deliver(random, syncer, options.losses);
    else if (random.chance(options.crashes) && run.active !== undefined) {
      run.active = undefined;
      run.crashed += 1;
    } else step();
  }
  for (let round = 0; round < 40 && (store.dirty !== 0 || run.active !== undefined || github.queue.length > 0 || github.failed.length > 0); round += 1) {
    github.queue.push(...github.failed.splice(0));
    while (github.queue.length > 0) deliver(random, syncer, 0);
    while (store.dirty !== 0 || run.active !== undefined) step();
  }
  return { syncer, person, changes: run.changes, crashed: run.crashed, lostEdits: store.lostEdits };
}

function deliver(random: SeededRandom, syncer: ModelSyncer, losses: number): void {
  const { queue, failed } = syncer.github;
  const delivery: ModelDelivery | undefined = queue.splice(random.chance(0.2) ? random.below(queue.length) : 0, 1)[0];
  if (delivery === undefined) return;
  if (random.chance(losses)) failed.push(delivery);
  else if (random.chance(0.15)) queue.push(delivery);
  else receive(syncer, delivery);
  if (random.chance(0.05)) queue.push(delivery);
}

function machineEdit(random: SeededRandom, store: ModelStore, action: number): void {
  const machine = random.chance(0.2) ? `Discounts ${action}` : store.row['machine'] ?? 'Discounts';
  const pick = random.below(7);
  // As the tiers do: a saved item has Cascade's own title again.
  if (pick < 3) store.machine({ status: random.pick(statuses), title: machine, machine });
  else if (pick === 3) store.machine({ labels: JSON.stringify(random.chance(0.5) ? [`ours-${action}`] : []) });
  else if (pick === 4) store.machine({ assignees: JSON.stringify(random.chance(0.5) ? ['robot'] : []) });
  else if (pick === 5) store.machine({ milestone: random.pick(['', '1', '2']) });
  else store.machine({ ticks: JSON.stringify(random.chance(0.5) ? ['FR1', 'FR2'] : ['FR2']) });
}
