export { Approvals, type Proposal, type Review } from './approvals.js';
export { Agents, type AgentInfo } from './agents.js';
export { cascadeStates, isTerminal, parseCascadeRecord, terminalStates, type CascadeRecord, type CascadeState, type OpenQuestion } from './cascade-record.js';
export { DEFAULT_WHILE_WAITING, MAX_WAITING_MS } from './deadline-pause.js';
export { Questions, type AnswerResult } from './questions.js';
export { cascadeFence, CascadeRuns } from './cascade-runs.js';
export { Cascades, DEFAULT_DEADLINE_MINUTES, ENDED_CHANNEL, type EndResult } from './cascades.js';
export { Lease, Leases } from './leases.js';
export { Effects, effectStates, MAX_EFFECTS, type EffectRecord, type EffectState, type UndoProgress } from './effects.js';
