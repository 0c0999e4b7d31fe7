import { describe, expect, it } from '@jest/globals';
import type { ChatMessage } from '../chat/chat-events.js';
import type { ChatState } from '../chat/chat-state.js';
import { approval, briefAnswer, criticalRisk, designAnswer, designWith, draftAnswer, revision } from '../testing/sample-team.js';
import { nextSpeaker } from './speaker-rule.js';
import { teamConfig } from './team-config.js';
import { currentFindings } from './team-findings.js';

const files = new Map([['src/cart.js', 3]]);
const said = (speaker: string, kind?: string, answer: object = {}): ChatMessage => ({ speaker, content: 'x', ...(kind === undefined ? {} : { turn: { kind, ...answer } }) });
const state = (...messages: ChatMessage[]): ChatState => ({ sequence: 1, status: 'running', config: teamConfig, messages });

const brief = said('coordinator', 'brief', briefAnswer);
const draft = said('analyst', 'draft', draftAnswer);
const design = said('architect', 'design', designAnswer);
const objecting = said('architect', 'design', { ...designAnswer, objections: ['There is no cart.'] });
const approved = said('po', 'verdict', approval);
const badDraft = said('analyst', 'draft', { ...draftAnswer, requirements: [...draftAnswer.requirements, { id: 'FR3', text: 'Forgotten by all.' }] });
const badDesign = said('architect', 'design', designWith({ tasks: [{ title: 'Half of it', criteria: [1] }] }));
const risky = said('architect', 'design', designWith({ risks: criticalRisk, scenarios: designAnswer.stories[0]?.scenarios.map((scenario) => ({ ...scenario, mitigates: ['SEC-001'] })) ?? [] }));
const findings = (...messages: ChatMessage[]): ChatMessage => ({ speaker: 'validator', content: 'x', turn: currentFindings(state(...messages), files) });

describe('nextSpeaker', () => {
  it.each<[string, ChatMessage[], string | undefined]>([
    ['the coordinator opens', [], 'coordinator'],
    ['the analyst follows', [brief], 'analyst'],
    ['the analyst follows a person\'s answer', [brief, said('person')], 'analyst'],
    ['a good draft goes to the architect', [brief, draft], 'architect'],
    ['a bad draft goes to the validator', [brief, badDraft], 'validator'],
    ['and from there back to the analyst', [brief, badDraft, findings(brief, badDraft)], 'analyst'],
    ['a good plan goes to the product owner', [brief, draft, design], 'po'],
    ['a bad plan goes to the validator', [brief, draft, badDesign], 'validator'],
    ['and from there back to the architect', [brief, draft, badDesign, findings(brief, draft, badDesign)], 'architect'],
    ['a critical risk goes to the validator', [brief, draft, risky], 'validator'],
    ['and from there to the analyst, who can narrow the story', [brief, draft, risky, findings(brief, draft, risky)], 'analyst'],
    ['an objection goes to the analyst', [brief, draft, objecting], 'analyst'],
    ['the fourth objection to the product owner', [brief, draft, objecting, draft, objecting, draft, objecting, draft, objecting], 'po'],
    ['an approval goes to the validator', [brief, draft, design, approved], 'validator'],
    ['a revision to whom it names', [brief, draft, design, said('po', 'verdict', revision('architect', 'More tests.'))], 'architect'],
    ['a revision for the whole team is open', [brief, draft, design, said('po', 'verdict', revision('team', 'Hm.'))], undefined],
    ['a revised draft is planned again', [brief, draft, design, said('po', 'verdict', revision('analyst', 'Less.')), draft], 'architect'],
  ])('%s', (_, messages, expected) => {
    expect(nextSpeaker(state(...messages), files)).toBe(expected);
  });

  it('never breaks the allowed transitions', () => {
    for (const messages of [[brief], [brief, draft], [brief, badDraft], [brief, draft, design], [brief, draft, badDesign], [brief, draft, design, approved]]) {
      const last = messages.at(-1)?.speaker ?? '';
      expect(teamConfig.transitions[last]).toContain(nextSpeaker(state(...messages), files));
    }
  });
});
