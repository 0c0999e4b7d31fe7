import type { KnownFiles } from '@cascade/bmad';
import { lastSpeaker, type ChatState } from '../chat/chat-state.js';
import { MAX_OBJECTIONS } from './team-config.js';
import { currentFindings, designOfCurrentDraft, ownerOf } from './team-findings.js';
import { lastTurn, turnOf } from './turns.js';

/**
 * Who speaks next where that is clear: coordinator → analyst → architect → product owner → validator, back to whoever
 * has to mend something, and the validator at once when code already knows that something is wrong. Undefined, so that
 * a model chooses, when the product owner's changes concern the whole team.
 */
export function nextSpeaker(state: ChatState, files: KnownFiles): string | undefined {
  switch (lastSpeaker(state)) {
    case undefined: return 'coordinator';
    case 'coordinator': case 'person': return 'analyst';
    case 'analyst': return currentFindings(state, files).failures.length > 0 ? 'validator' : 'architect';
    case 'architect': return afterArchitect(state, files);
    case 'po': return afterProductOwner(state);
    case 'validator': return afterValidator(state);
    default: return undefined;
  }
}

function afterArchitect(state: ChatState, files: KnownFiles): string {
  const objected = (message: ChatState['messages'][number] | undefined): boolean => {
    const turn = turnOf(message);
    return turn?.kind === 'design' && turn.objections.length > 0;
  };
  if (objected(state.messages.at(-1)) && state.messages.filter(objected).length <= MAX_OBJECTIONS) return 'analyst';
  return currentFindings(state, files).failures.length > 0 ? 'validator' : 'po';
}

function afterProductOwner(state: ChatState): string | undefined {
  const verdict = lastTurn(state, 'verdict');
  if (verdict?.verdict === 'approve') return 'validator';
  return verdict === undefined || verdict.sendTo === 'team' ? undefined : verdict.sendTo;
}

function afterValidator(state: ChatState): string | undefined {
  const findings = lastTurn(state, 'findings');
  return findings === undefined ? undefined : ownerOf(findings, designOfCurrentDraft(state) !== undefined);
}
