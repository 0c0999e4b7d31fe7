export { Agents, type AgentInfo } from './agents.js';
export { cascadeStates, isTerminal, parseCascadeRecord, terminalStates, type CascadeRecord, type CascadeState } from './cascade-record.js';
export { CascadeRuns } from './cascade-runs.js';
export { Cascades, DEFAULT_DEADLINE_MINUTES, ENDED_CHANNEL, type EndResult } from './cascades.js';
export { Lease, Leases } from './leases.js';
