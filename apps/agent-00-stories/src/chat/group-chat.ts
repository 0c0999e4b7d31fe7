import { isCascadeError, terminal, type Run } from '@cascade/contracts';
import { candidates, roundRobin } from './candidates.js';
import { PERSON, type ChatConfig, type ChatEvent, type ChatMessage } from './chat-events.js';
import { applyEvent, fold, type ChatState } from './chat-state.js';
import { chatConflict, type ChatStore } from './chat-store.js';
import { anyOf, maxRounds, type Termination } from './termination.js';

/** Prefix of the chat's step names. */
const STEPS = 'stories/chat/';

/** One role's way to speak. `step` names its model call, so that an answered call is never paid for twice. */
export interface Participant {
  speak(state: ChatState, step: string, run: Run): Promise<Omit<ChatMessage, 'speaker'>>;
}

/** Chooses by a model among several candidates; undefined when it could not name one of them. */
export interface Selector {
  pick(state: ChatState, among: readonly string[], step: string, run: Run): Promise<{ speaker: string; reason: string } | undefined>;
}

export interface ChatParts {
  readonly store: ChatStore;
  readonly participants: Readonly<Record<string, Participant>>;
  readonly selector: Selector;
  /** For `selection: 'rule'`: the next speaker where it is clear, else undefined. */
  readonly rule: (state: ChatState) => string | undefined;
  readonly terminations: Readonly<Record<string, Termination>>;
  /** After each message. */
  readonly onMessage: (message: ChatMessage, round: number) => Promise<void>;
}

/**
 * A group chat with AutoGen's semantics as an event-sourced state machine: the state is the fold of the events; each
 * step makes at most one call and appends exactly one event with the number that it expects. Whoever loses a race
 * reads the log again and goes on from there. So a crash between any two instructions, or a second worker, leaves one
 * linear log, and (because calls are journalled under the event's number) pays for no answered call again.
 */
export class GroupChat {
  constructor(private readonly parts: ChatParts) {}

  /** Starts the chat, or finds it started, and runs it to its end. Throws what participants throw; `needs-input` included. */
  async run(config: ChatConfig, run: Run): Promise<ChatState> {
    run.keptElsewhere(STEPS); // what is in the log is not asked for again
    let state = fold(await this.parts.store.load()) ?? await this.append(undefined, { type: 'started', config: this.check(config) });
    while (state.status !== 'stopped') {
      run.signal.throwIfAborted();
      state = await this.append(state, await this.next(state, run));
    }
    return state;
  }

  /** The event that follows the state; the only place that calls models. */
  private async next(state: ChatState, run: Run): Promise<ChatEvent> {
    const step = `${STEPS}${state.sequence + 1}`;
    if (state.question !== undefined) return { type: 'answered', answer: await run.ask(`stories/question/${state.question.sequence}`, state.question.text) };
    if (state.pending !== undefined) {
      const message = { speaker: state.pending, ...await this.participant(state.pending).speak(state, step, run) };
      await this.parts.onMessage(message, state.messages.length + 1);
      return { type: 'said', message };
    }
    const stop = anyOf(...state.config.terminations.map((name) => this.termination(name)), maxRounds)(state);
    return stop === undefined ? this.select(state, step, run) : { type: 'stopped', ...stop };
  }

  /** Hand-off, only candidate, rule, round robin, then the model: a call is made only where the choice is open. */
  private async select(state: ChatState, step: string, run: Run): Promise<ChatEvent> {
    if (state.forced === PERSON) return { type: 'paused', question: state.messages.at(-1)?.content ?? '' };
    const among = candidates(state);
    if (state.forced !== undefined && among.includes(state.forced)) return { type: 'selected', speaker: state.forced, by: 'hand-off' };
    const [only] = among;
    if (only === undefined) return { type: 'stopped', reason: 'nobody may speak next', outcome: 'exhausted' };
    if (among.length === 1) return { type: 'selected', speaker: only, by: 'only' };
    if (state.config.selection === 'rule') {
      const chosen = this.parts.rule(state);
      if (chosen !== undefined && !among.includes(chosen)) throw defect(`the rule chose ${chosen}, who may not speak after ${state.messages.at(-1)?.speaker ?? 'nobody'}`);
      if (chosen !== undefined) return { type: 'selected', speaker: chosen, by: 'rule' };
    }
    const inTurn = roundRobin(state, among) ?? only;
    if (state.config.selection === 'round_robin') return { type: 'selected', speaker: inTurn, by: 'round_robin' };
    const picked = await this.parts.selector.pick(state, among, step, run);
    if (picked === undefined || !among.includes(picked.speaker)) return { type: 'selected', speaker: inTurn, by: 'fallback' };
    return { type: 'selected', speaker: picked.speaker, by: 'auto', reason: picked.reason };
  }

  private async append(state: ChatState | undefined, event: ChatEvent): Promise<ChatState> {
    const next = applyEvent(state, event);
    try {
      await this.parts.store.append(next.sequence, event);
      return next;
    } catch (error) {
      if (!isCascadeError(error) || error.code !== chatConflict) throw error;
      const stored = fold(await this.parts.store.load());
      if (stored === undefined) throw error;
      return stored;
    }
  }

  /** A configuration that names what does not exist is refused before the chat starts. */
  private check(config: ChatConfig): ChatConfig {
    const names = new Set(config.roles.map((role) => role.name));
    const unknown = [...Object.keys(config.transitions), ...Object.values(config.transitions).flat()].find((name) => name !== PERSON && !names.has(name));
    if (unknown !== undefined) throw defect(`a transition names the unknown role ${unknown}`);
    for (const name of names) this.participant(name);
    for (const name of config.terminations) this.termination(name);
    return config;
  }

  private participant(name: string): Participant {
    const found = this.parts.participants[name];
    if (found === undefined) throw defect(`there is no participant ${name}`);
    return found;
  }

  private termination(name: string): Termination {
    const found = this.parts.terminations[name];
    if (found === undefined) throw defect(`there is no termination ${name}`);
    return found;
  }
}

const defect = (problem: string): Error => terminal('CASC_CHAT_MISCONFIGURED', `The group chat cannot go on: ${problem}.`);
