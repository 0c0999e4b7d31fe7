import { MAX_ROUNDS, PERSON, type ChatConfig } from '../chat/chat-events.js';
import { lastSaid, saidMoreThan, type Termination } from '../chat/termination.js';
import { turnOf } from './turns.js';

/** How often the validators send the work back before the cascade fails. */
export const MAX_REJECTIONS = 3;
/** How often the product owner may ask for a revision. */
export const MAX_REVISIONS = 5;
/** How often the architect may send stories back; then the product owner decides. */
export const MAX_OBJECTIONS = 3;

export const teamConfig: ChatConfig = {
  roles: [
    { name: 'coordinator', description: 'opens the discussion with a brief and keeps the team on it' },
    { name: 'analyst', description: 'writes the requirements, the stories and their acceptance criteria' },
    { name: 'architect', description: 'plans each story: tasks, notes with sources, dependencies, risks, test scenarios; says what cannot be built' },
    { name: 'po', description: 'decides whether the stories are what the requester asked for' },
    { name: 'validator', description: 'checks the rules that code can check' },
  ],
  selection: 'rule',
  transitions: {
    coordinator: ['analyst'],
    [PERSON]: ['analyst', 'architect'],
    analyst: ['architect', 'validator'],
    architect: ['analyst', 'po', 'validator'],
    po: ['analyst', 'architect', 'validator'],
    validator: ['analyst', 'architect'],
  },
  maxRounds: MAX_ROUNDS,
  terminations: ['accepted', 'rejected too often', 'revised too often'],
};

export const teamTerminations: Readonly<Record<string, Termination>> = {
  accepted: lastSaid('validator', (message) => {
    const turn = turnOf(message);
    return turn?.kind === 'findings' && turn.failures.length === 0;
  }, { reason: 'the product owner approves and all checks pass', outcome: 'completed' }),
  'rejected too often': saidMoreThan(MAX_REJECTIONS, 'validator', (message) => {
    const turn = turnOf(message);
    return turn?.kind === 'findings' && turn.failures.length > 0;
  }, { reason: `the checks still fail after ${MAX_REJECTIONS} corrections`, outcome: 'failed' }),
  'revised too often': saidMoreThan(MAX_REVISIONS, 'po', (message) => {
    const turn = turnOf(message);
    return turn?.kind === 'verdict' && turn.verdict === 'revise';
  }, { reason: `the product owner still asks for changes after ${MAX_REVISIONS} revisions`, outcome: 'failed' }),
};
