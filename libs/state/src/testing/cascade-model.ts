/**
 * What a cascade is, without Redis: the specification that `model.spec.ts` holds the real classes to. One cascade, one
 * service whose handlers work on it, a person, a supervisor. A command that does not apply changes nothing.
 */
export type Command =
  /** The request arrives, perhaps again. */
  | { readonly do: 'accept' }
  /** An event is delivered `copies` times, as after a webhook's repetition or a fail-over. */
  | { readonly do: 'deliver'; readonly event: number; readonly copies: number }
  /** A handler works on a pending entry (chosen by `at`): runs a step, touches the outside, asks a person. */
  | { readonly do: 'step' | 'stepTwiceAtOnce' | 'hang' | 'effect' | 'ask'; readonly at: number; readonly name: number }
  /** The handler ends: with a result, by two workers at once, with a change of the shared graph, with an error, or the cascade itself. */
  | { readonly do: 'finish' | 'finishTwiceAtOnce' | 'fail' | 'complete'; readonly at: number }
  | { readonly do: 'draw'; readonly at: number; readonly stale: boolean }
  /** A worker that was thought dead comes back with the result of the step in which it hung. */
  | { readonly do: 'zombie' }
  | { readonly do: 'answer'; readonly event: number; readonly name: number }
  | { readonly do: 'cancel' | 'timeOut' | 'cleanUp' }
  /** The service dies: everything in memory is gone, what was pending is delivered to its successor. */
  | { readonly do: 'crash' };

export type Ending = 'completed' | 'failed' | 'timed_out' | 'cancelled';

export interface Model {
  readonly state: 'none' | 'running' | 'waiting' | Ending;
  /** Events of the entries that are delivered and not acknowledged, oldest first. */
  readonly pending: readonly number[];
  /** Step → whose result is journalled. Every journalled step was paid once. */
  readonly journal: Readonly<Record<string, string>>;
  /** Steps in which a worker hangs, oldest first, with the result that it will come back with. */
  readonly hanging: readonly { readonly step: string; readonly value: string }[];
  readonly effects: readonly string[];
  readonly parked: Readonly<Record<string, number>>;
  readonly answered: readonly string[];
  /** What was published: the type and its cause. Publishing the same again is the same event. */
  readonly published: readonly string[];
  /** Version of the shared graph. */
  readonly version: number;
  readonly cleaned: boolean;
  /** Counts commands, so that values differ. */
  readonly turn: number;
}

/** What can be seen from outside. */
export type Visible = Omit<Model, 'hanging' | 'turn'>;

export const empty: Model = { state: 'none', pending: [], journal: {}, hanging: [], effects: [], parked: {}, answered: [], published: [], version: 0, cleaned: false, turn: 0 };

export const isOpen = (model: Model): boolean => model.state === 'running' || model.state === 'waiting';
export const stepName = (name: number): string => `step-${name}`;
/** Two events never ask under one name; two deliveries of one event do. */
export const questionName = (event: number, name: number): string => `question-${event}-${name}`;
export const effectKey = (name: number): string => `effect-${name}`;
export const resultOf = (turn: number): string => `result of turn ${turn}`;

/** The entry that a command means, as its place in `pending`. */
export const entryOf = (model: Model, at: number): number => at % model.pending.length;

export function reduce(before: Model, command: Command): Model {
  const model = { ...before, turn: before.turn + 1 };
  if (command.do === 'accept') return model.state === 'none' ? { ...model, state: 'running' } : model;
  if (model.state === 'none') return model;
  if ('at' in command) return model.pending.length === 0 ? model : handle(model, command);
  switch (command.do) {
    case 'deliver': return { ...model, pending: [...model.pending, ...Array.from({ length: command.copies }, () => command.event)] };
    case 'crash': return model; // what was pending still is, what was recorded stays, and what hangs is a zombie
    case 'zombie': return comeBack(model);
    case 'answer': return answer(model, questionName(command.event, command.name));
    case 'cancel': return end(model, 'cancelled', 'outside');
    case 'timeOut': return end(model, 'timed_out', 'outside');
    case 'cleanUp': return isOpen(model) || model.cleaned ? model : publish({ ...model, cleaned: true }, 'cascade.cleaned', 'end');
  }
}

type Handling = Extract<Command, { readonly at: number }>;

function handle(model: Model, command: Handling): Model {
  const place = entryOf(model, command.at);
  const event = model.pending[place]!;
  const acknowledged = { ...model, pending: model.pending.toSpliced(place, 1) };
  switch (command.do) {
    case 'step': case 'stepTwiceAtOnce': return isOpen(model) ? record(model, stepName(command.name), resultOf(model.turn)) : model;
    case 'hang': return isOpen(model) && model.journal[stepName(command.name)] === undefined ? { ...model, hanging: [...model.hanging, { step: stepName(command.name), value: resultOf(model.turn) }] } : model;
    case 'effect': return isOpen(model) ? record({ ...model, effects: withOne(model.effects, effectKey(command.name)) }, `effect/agent/${effectKey(command.name)}`, resultOf(model.turn)) : model;
    case 'ask': return ask(model, acknowledged, event, questionName(event, command.name));
    // From here on the entry is acknowledged whatever happens; what it brings counts only before the end (the fence).
    case 'finish': case 'finishTwiceAtOnce': return isOpen(model) ? publish(acknowledged, 'work.done', `event-${event}`) : acknowledged;
    case 'draw': return isOpen(model) ? draw(model, acknowledged, event, command.stale) : acknowledged;
    case 'fail': return end(acknowledged, 'failed', `event-${event}`);
    case 'complete': return end(acknowledged, 'completed', `event-${event}`);
  }
}

/** The first result of a step stays, whoever comes later gets it. */
const record = (model: Model, step: string, value: string): Model =>
  (model.journal[step] === undefined ? { ...model, journal: { ...model.journal, [step]: value } } : model);

/**
 * A zombie's result counts when nobody has run the step meanwhile, even after the end: it was paid. It is refused while
 * another worker has the step (and hangs in it too).
 */
function comeBack(model: Model): Model {
  const [zombie, ...hanging] = model.hanging;
  if (zombie === undefined) return model;
  const isTaken = hanging.some(({ step }) => step === zombie.step);
  return isTaken ? { ...model, hanging } : record({ ...model, hanging }, zombie.step, zombie.value);
}

/** Parks the event, unless the answer is there; then the handler goes on to its result. */
function ask(model: Model, acknowledged: Model, event: number, question: string): Model {
  if (!isOpen(model)) return acknowledged;
  if (model.answered.includes(question)) return publish(acknowledged, 'work.done', `event-${event}`);
  return publish({ ...acknowledged, state: 'waiting', parked: { ...model.parked, [question]: event } }, 'input.requested', `event-${event}/${question}`);
}

/** The parked event is delivered again; the cascade runs on when nothing else waits. */
function answer(model: Model, question: string): Model {
  const event = model.parked[question];
  if (!isOpen(model) || event === undefined) return model;
  const { [question]: _, ...parked } = model.parked;
  return { ...model, parked, answered: [...model.answered, question], pending: [...model.pending, event], state: Object.keys(parked).length === 0 ? 'running' : 'waiting' };
}

/** An outcome computed from an older version of the graph is refused, its entry stays. */
const draw = (model: Model, acknowledged: Model, event: number, stale: boolean): Model =>
  (stale ? model : publish({ ...acknowledged, version: model.version + 1 }, 'work.drawn', `event-${event}`));

/** The first ending is the only one. */
const end = (model: Model, ending: Ending, cause: string): Model =>
  (isOpen(model) ? publish({ ...model, state: ending }, `cascade.${ending}`, cause) : model);

const publish = (model: Model, type: string, cause: string): Model => ({ ...model, published: withOne(model.published, `${type} ${cause}`) });
const withOne = (list: readonly string[], one: string): readonly string[] => (list.includes(one) ? list : [...list, one]);
