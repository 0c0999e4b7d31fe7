/** Every key of Cascade in Redis that is not a work item; documented in docs/keys.md. */
export const redisKeys = {
  stream: (type: string): string => `stream:${type}`,
  deadLetters: (service: string): string => `dead:${service}`,
  /** Stream of events that a service delivers to itself again; only its own group reads it. */
  retries: (service: string): string => `retries:${service}`,
  /** Sorted set of entries that wait for their retry, by due time in Unix milliseconds. */
  delayed: (service: string): string => `delayed:${service}`,
  /** Reply to one command, a list that expires. */
  reply: (commandId: string): string => `reply:${commandId}`,
  cascade: (id: string): string => `cascade:${id}`,
  journal: (id: string): string => `cascade:${id}:journal`,
  timeline: (id: string): string => `cascade:${id}:timeline`,
  effects: (id: string): string => `cascade:${id}:effects`,
  /** What steps in flight may still cost, by step. */
  reservations: (id: string): string => `cascade:${id}:reservations`,
  /** Answers of people, by question. */
  answers: (id: string): string => `cascade:${id}:answers`,
  /** Entries that wait for an answer, by question. */
  parked: (id: string): string => `cascade:${id}:parked`,
  chat: (id: string): string => `cascade:${id}:chat`,
  /** Tier 3's task graph. */
  graph: (id: string): string => `cascade:${id}:graph`,
  /** Epic numbers given to cascades of one repository. */
  epics: (repository: string): string => `epics:${repository}`,
  agent: (id: string): string => `agent-${id}`,
  activeAgents: 'active_agents',
  workItems: 'repo-keys',
  cascades: 'cascades',
  /** Sorted set of cascade ids by deadline in Unix milliseconds. */
  deadlines: 'deadlines',
} as const;
