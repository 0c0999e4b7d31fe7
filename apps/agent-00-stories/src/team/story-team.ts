import { terminal, type Run } from '@cascade/contracts';
import { describeFinding, type Finding } from '@cascade/bmad';
import type { ChatMessage } from '../chat/chat-events.js';
import type { ChatState } from '../chat/chat-state.js';
import type { ChatStore } from '../chat/chat-store.js';
import { GroupChat } from '../chat/group-chat.js';
import { analyst } from './analyst.js';
import { architect } from './architect.js';
import { coordinator, modelSelector } from './coordinator.js';
import { productOwner } from './product-owner.js';
import { nextSpeaker } from './speaker-rule.js';
import { teamConfig, teamTerminations } from './team-config.js';
import type { TeamContext, TeamModel } from './team-model.js';
import { lastTurn, turnOf, type Design, type Draft } from './turns.js';
import { validator } from './validator.js';

/** What the team agreed on. */
export interface Agreement {
  readonly draft: Draft;
  readonly design: Design;
  readonly concerns: readonly Finding[];
  readonly rounds: number;
}

/**
 * Lets the team discuss until the product owner approves and the validators pass.
 * Throws, terminal: CASC_RISK_TOO_HIGH when a risk of 9 remains after the corrections, CASC_STORIES_INVALID when
 * anything else does; and what calling a model throws.
 */
export async function discuss(store: ChatStore, model: TeamModel, context: TeamContext, run: Run): Promise<Agreement> {
  const chat = new GroupChat({
    store,
    participants: {
      coordinator: coordinator(model, context), analyst: analyst(model, context), architect: architect(model, context), po: productOwner(model, context), validator: validator(context.files),
    },
    selector: modelSelector(model),
    rule: (state) => nextSpeaker(state, context.files),
    terminations: teamTerminations,
    onMessage: (message, round) => run.progress({ kind: 'round', text: roundText(message, round) }),
  });
  return agreement(await chat.run(teamConfig, run));
}

function roundText(message: ChatMessage, round: number): string {
  const [first = ''] = message.content.split('\n');
  return `round ${round}, ${message.speaker}: ${first.length > 200 ? `${first.slice(0, 199)}…` : first}`;
}

function agreement(state: ChatState): Agreement {
  const draft = lastTurn(state, 'draft');
  const design = lastTurn(state, 'design');
  const findings = lastTurn(state, 'findings');
  if (state.stop?.outcome === 'completed' && draft !== undefined && design !== undefined) {
    return { draft, design, concerns: (findings?.concerns ?? []) as Finding[], rounds: state.messages.length };
  }
  throw disagreement(state);
}

/** Why the chat ended without an agreement, with what was still wrong. */
function disagreement(state: ChatState): Error {
  const open = lastTurn(state, 'findings')?.failures as Finding[] | undefined ?? [];
  const last = turnOf(state.messages.at(-1));
  const findings = last?.kind === 'verdict' ? last.changes : open.map(describeFinding);
  const reason = state.stop?.reason ?? 'the chat did not end';
  if (last?.kind === 'findings' && open.some((finding) => finding.code === 'risk-critical')) {
    return terminal('CASC_RISK_TOO_HIGH', `The change is too risky to be built: ${reason}.`, { findings, advice: 'Ask for a smaller or safer change; the findings say which risks remain.' });
  }
  return terminal('CASC_STORIES_INVALID', `The team did not agree on valid stories: ${reason}.`, { findings, advice: 'Say the request more precisely, with examples, or use a more capable model (CASCADE_MODEL).' });
}
