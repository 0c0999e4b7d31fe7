export { type Purpose } from './app-tokens.js';
export { type CreationBudget, type CreationLimit, creationLimits, drainTime } from './creation-budget.js';
export { GitHubAccess, type AccessOptions } from './github-access.js';
export { GitHubClient, type Answer, type Asked } from './github-client.js';
export * from './github-config.js';
export * from './issue-tracker.js';
export { openTracker, type OpenedTracker, type TrackerOptions } from './open-tracker.js';
export { RedisCreationBudget } from './redis-creation-budget.js';
export { RestTracker } from './rest-tracker.js';
