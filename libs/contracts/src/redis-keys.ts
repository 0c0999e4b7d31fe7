import { streamKeys } from '@cascade/messages';

/** Every key of Cascade in Redis that is not a work item; documented in docs/keys.md. */
export const redisKeys = {
  ...streamKeys,
  cascade: (id: string): string => `cascade:${id}`,
  journal: (id: string): string => `cascade:${id}:journal`,
  /** Which service's handling of which event recorded a step. */
  steps: (id: string): string => `cascade:${id}:steps`,
  timeline: (id: string): string => `cascade:${id}:timeline`,
  effects: (id: string): string => `cascade:${id}:effects`,
  /** Steps in flight: who runs them, until when, and what they may still cost. */
  leases: (id: string): string => `cascade:${id}:leases`,
  /** Answers of people, by question. */
  answers: (id: string): string => `cascade:${id}:answers`,
  /** Entries that wait for an answer, by question. */
  parked: (id: string): string => `cascade:${id}:parked`,
  chat: (id: string): string => `cascade:${id}:chat`,
  /** Tier 3's task graph. */
  graph: (id: string): string => `cascade:${id}:graph`,
  /** The last epic number that was given in one repository. */
  epics: (repository: string): string => `epics:${repository}`,
  /** Ceilings and usage of all cascades that somebody pays for. */
  tenant: (name: string): string => `tenant:${name}`,
  /** What calls in flight may still cost, while the tenant has a ceiling. */
  tenantReservations: (name: string): string => `tenant:${name}:reservations`,
  /** The last fencing token. */
  fence: 'fence',
  lease: (name: string): string => `lease:${name}`,
  agent: (id: string): string => `agent-${id}`,
  activeAgents: 'active_agents',
  /** Set of the keys of cascades whose clean-up waits for a person. */
  parkedCleanUps: 'parked-clean-ups',
  workItems: 'repo-keys',
  cascades: 'cascades',
  /** Sorted set of cascade ids by deadline in Unix milliseconds. */
  deadlines: 'deadlines',
} as const;
