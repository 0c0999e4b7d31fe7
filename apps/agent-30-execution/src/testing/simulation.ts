import type { SpecTask } from '@cascade/contracts';
import { SeededRandom } from '@cascade/testing';
import type { GraphState } from '../graph-state.js';
import { onConflicted, onIntegrated, planUnits, startGraph, type Decision, type Start } from '../schedule.js';
import { SHA, samplePlan, sampleProgram, sampleStory, sampleTask } from './sample-plan.js';

/** A cascade may end so much later than its deadline, in milliseconds. */
export const GRACE_MS = 30_000;
const SWEEP_EVERY_MS = 500;
const evidence = { redTests: ['AC1: works'], lockedTests: {}, attempts: 1 };
const pad = (index: number): string => `T${String(index + 1).padStart(3, '0')}`;

type End = 'completed' | 'failed' | 'timed_out';

/** How the world behaves in one simulation; a calm one must end with everything done. */
interface Weather {
  readonly conflicts: number;
  readonly fails: number;
  readonly hangs: number;
  readonly duplicates: number;
  readonly longestDelayMs: number;
  readonly deadlineMs: number;
  /** The supervisor that swept is dead for so long; then another one has the lease. */
  readonly supervisorGapMs: number;
}

export interface Simulated {
  readonly end: End | undefined;
  readonly calm: boolean;
  readonly tasks: number;
  readonly events: number;
  readonly violations: readonly string[];
}

/** One cascade of tier 3 on a fake clock: the real scheduler's decisions, workers and a supervisor of the seed's mood. */
export function simulate(seed: number): Simulated {
  return new Simulation(new SeededRandom(seed)).run();
}

class Simulation {
  private readonly violations: string[] = [];
  private readonly tasks: SpecTask[];
  private readonly weather: Weather;
  private readonly calendar: { at: number; act: () => void }[] = [];
  private now = 0;
  private events = 0;
  private graph: GraphState | undefined;
  private end: { readonly state: End; readonly at: number } | undefined;
  private readonly integrations = new Map<string, number>();
  private readonly started = new Set<string>();
  private readonly inFlight = new Set<string>();
  private readonly calm: boolean;
  private exhausted = false;

  constructor(private readonly random: SeededRandom) {
    this.tasks = randomTasks(random);
    this.calm = random.chance(0.5);
    const rough = (most: number): number => (this.calm ? 0 : random.next() * most);
    this.weather = {
      conflicts: random.next() * 0.4, fails: rough(0.1), hangs: rough(0.1), duplicates: random.next(), longestDelayMs: 1 + random.below(60_000),
      deadlineMs: this.calm ? Infinity : 1_000 + random.below(600_000), supervisorGapMs: random.below(20_000),
    };
  }

  run(): Simulated {
    this.later(0, () => this.programsReady());
    if (Number.isFinite(this.weather.deadlineMs)) this.later(SWEEP_EVERY_MS, () => this.sweep());
    for (let next = this.nextAct(); next !== undefined; next = this.nextAct()) {
      this.now = next.at;
      next.act();
    }
    this.judge();
    return { end: this.end?.state, calm: this.calm, tasks: this.tasks.length, events: this.events, violations: this.violations };
  }

  private nextAct(): { at: number; act: () => void } | undefined {
    let first = 0;
    for (let index = 1; index < this.calendar.length; index += 1) if (this.calendar[index]!.at < this.calendar[first]!.at) first = index;
    return this.calendar.length === 0 ? undefined : this.calendar.splice(first, 1)[0];
  }

  private later(delay: number, act: () => void): void {
    this.calendar.push({ at: this.now + delay, act });
  }

  /** An event reaches its handler one to five times, each after a delay of its own: repeated and out of order. */
  private deliver(handle: () => void): void {
    const copies = this.random.chance(this.weather.duplicates) ? 1 + this.random.below(5) : 1;
    for (let copy = 0; copy < copies; copy += 1) {
      this.events += 1;
      this.later(this.random.below(this.weather.longestDelayMs), handle);
    }
  }

  private programsReady(): void {
    const plan = samplePlan(this.tasks.map((task) => sampleProgram(task)), [...new Set(this.tasks.flatMap((task) => task.storyId ?? []))].map((id) => sampleStory(id)));
    this.deliver(() => this.decide((state) => (state === undefined ? startGraph(plan) : undefined)));
  }

  /** A handler: reads the graph, decides, and commits a little later by compare-and-set behind the fence. */
  private decide(decision: (state: GraphState | undefined) => Decision | undefined): void {
    const seen = this.graph;
    const made = decision(seen);
    if (made === undefined) return;
    this.later(this.random.below(200), () => {
      if (this.end !== undefined) return;
      if (this.graph?.version !== seen?.version) return this.decide(decision);
      this.commit(seen, made);
    });
  }

  private commit(before: GraphState | undefined, { state, start, finished }: Decision): void {
    this.graph = state;
    for (const [id, unit] of Object.entries(state.units)) {
      if (unit.status !== 'integrated' || before?.units[id]?.status === 'integrated') continue;
      this.integrations.set(id, (this.integrations.get(id) ?? 0) + 1);
      this.inFlight.delete(id);
    }
    for (const one of start) this.start(state, one);
    if (finished) this.finish('completed');
  }

  private start(state: GraphState, start: Start): void {
    const name = `${start.taskId}/${start.attempt}`;
    if (this.started.has(name)) this.violations.push(`${name} starts twice`);
    this.started.add(name);
    const unit = planUnits(state.plan).find(({ id }) => id === start.taskId)!;
    for (const id of unit.dependsOn) if (state.units[id]?.status !== 'integrated') this.violations.push(`${name} starts before ${id} is integrated`);
    for (const id of this.inFlight) if (id !== start.taskId && !this.maySit(id, start.taskId)) this.violations.push(`${name} starts while ${id} is under way`);
    this.inFlight.add(start.taskId);
    const mood = this.random.next();
    this.deliver(() => this.work(start, mood));
  }

  /** The [P] rule in its own words: of one story only [P] tasks run together, and no two phases ever do. */
  private maySit(one: string, other: string): boolean {
    const [a, b] = [one, other].map((id) => this.tasks.find((task) => task.id === id)!) as [SpecTask, SpecTask];
    if (a.phase !== b.phase) return false;
    return a.storyId !== b.storyId || (a.parallel && b.parallel);
  }

  /** A worker and the merge queue behind it. The same attempt ends in the same way however often it is delivered: steps are journalled. */
  private work({ taskId, attempt }: Start, mood: number): void {
    const { fails, hangs, conflicts } = this.weather;
    if (this.end !== undefined || mood < hangs) return;
    const data = { taskId, attempt, commitSha: SHA(3), evidence };
    this.later(this.random.below(this.weather.longestDelayMs), () => {
      if (mood < hangs + fails) this.finish('failed');
      else if (mood < hangs + fails + conflicts) this.deliver(() => this.conflicted(data));
      else this.deliver(() => this.decide((state) => (state === undefined ? undefined : onIntegrated(state, data))));
    });
  }

  private conflicted(data: Start): void {
    this.decide((state) => {
      const decision = state === undefined ? undefined : onConflicted(state, data, 'lines differ');
      if (decision !== 'exhausted') return decision;
      this.exhausted = true;
      this.finish('failed');
      return undefined;
    });
  }

  private finish(state: End): void {
    if (this.end !== undefined) return; // the fence
    this.end = { state, at: this.now };
  }

  /** Deadlines are looked at every half second, except while the supervisor's lease is on its way to another one. */
  private sweep(): void {
    if (this.end !== undefined) return;
    if (this.now >= this.weather.deadlineMs) return this.finish('timed_out');
    const gap = this.random.chance(0.02) ? this.weather.supervisorGapMs : 0;
    this.later(SWEEP_EVERY_MS + gap, () => this.sweep());
  }

  private judge(): void {
    const wrong = (what: string): void => void this.violations.push(what);
    if (this.end === undefined) return wrong('the cascade never ends: a deadlock');
    if (this.end.at > this.weather.deadlineMs + GRACE_MS) wrong(`it ends ${this.end.at - this.weather.deadlineMs} ms after its deadline`);
    const units = Object.keys(this.graph?.units ?? {});
    for (const [id, times] of this.integrations) if (times !== 1) wrong(`${id} is integrated ${times} times`);
    if (this.end.state === 'completed' && this.integrations.size !== units.length) wrong(`completed with ${this.integrations.size} of ${units.length} units`);
    if (this.calm && !this.exhausted && this.end.state !== 'completed') wrong(`nothing went wrong, yet it ${this.end.state}`);
  }
}

/** Units in two stories, set-up before and polish after them; dependencies only backwards, some [P]. */
function randomTasks(random: SeededRandom): SpecTask[] {
  const setUp = random.below(3), polish = random.below(3);
  const count = setUp + 1 + random.below(9) + polish;
  return Array.from({ length: count }, (_, index) => {
    const phase = index < setUp ? 'setup' : index >= count - polish ? 'polish' : 'story';
    const dependsOn = index > 0 && random.chance(0.3) ? [pad(random.below(index))] : [];
    return sampleTask(pad(index), phase === 'story' ? 'code' : 'chore', { phase, parallel: random.chance(0.5), storyId: phase === 'story' ? random.pick(['1.1', '1.2']) : undefined, dependsOn });
  });
}
