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
  /** Which GitHub repository belongs to which address, where the address does not say it: address → `owner/name`. */
  githubRepositories: 'github:repositories',
  /** Where a work item is on GitHub, and how both were when they were last the same. */
  githubItem: (workItem: string): string => `github:item:${workItem}`,
  /** Work item of an issue, by the issue's node id. */
  githubIssue: (nodeId: string): string => `github:issue:${nodeId}`,
  /** Sorted sets, by due time: what is to be made the same on both sides; and what people wait for, which does not queue behind it. */
  githubDirty: 'github:dirty',
  githubAsked: 'github:asked',
  /** Attempts at what is in the two. */
  githubAttempts: 'github:attempts',
  /** What was given up, with its problem, until it changes again. */
  githubParked: 'github:parked',
  /** Member of `github:dirty` or `github:asked` → W3C trace context of what made it due last. */
  githubTraces: 'github:traces',
  /** A comment of ours by its marker: its id, and when writing it was begun. */
  githubComment: (marker: string): string => `github:comment:${marker}`,
  /** What was done about a person's comment. */
  githubCommand: (commentId: string): string => `github:command:${commentId}`,
  /** A person's comment that was heard, so that nobody looks at it once more. */
  githubHeard: (commentId: string): string => `github:heard:${commentId}`,
  /** Work items by the number of their issue in a repository. */
  githubNumbers: (repository: string): string => `github:numbers:${repository}`,
  /** Cascades that were started from an issue, by the issue's node id. */
  githubRuns: (nodeId: string): string => `github:runs:${nodeId}`,
  /** The issue that a cascade was started from. */
  githubRequest: (cascadeId: string): string => `github:request:${cascadeId}`,
  /** Set of the `github:item:…` of a cascade. */
  githubItems: (cascadeId: string): string => `github:items:${cascadeId}`,
  /** The pull request of a cascade. */
  githubPull: (cascadeId: string): string => `github:pull:${cascadeId}`,
  /** Repositories that are looked through, `owner/name`: those with issues of ours, and those that were set up. */
  githubMirrored: 'github:mirrored',
  /** How far a repository's issues were looked through. */
  githubSweep: (repository: string): string => `github:sweep:${repository}`,
  /** The hooks that `cascade github setup` made: `owner/name` → the hook's id. */
  githubHooks: 'github:hooks',
  /** Until when the deliveries of a hook were looked through for failed ones. */
  githubCaughtUp: 'github:caught-up',
  /** How often a delivery that failed was asked for again. */
  githubRedeliveries: (guid: string): string => `github:redeliveries:${guid}`,
  /** Which delivery of a webhook was published already. */
  delivery: (guid: string): string => `delivery:${guid}`,
  /** Which request an id was given to that is made of an Idempotency-Key. */
  apiRequest: (id: string): string => `api:request:${id}`,
  /** Which clients of the API have sent how much lately. */
  apiRates: 'api:rates',
  workItems: 'repo-keys',
  /** Sorted set of a cascade's work items, by when each was saved last. */
  items: (id: string): string => `cascade:${id}:items`,
  cascades: 'cascades',
  /** Sorted set of cascade ids by deadline in Unix milliseconds. */
  deadlines: 'deadlines',
  /** Sorted set of what was created at GitHub with one set of credentials within the last hour. */
  githubBucket: (installation: string): string => `github:bucket:${installation}`,
} as const;
