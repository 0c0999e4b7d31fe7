export * from './tracker/github-config.js';
export * from './tracker/issue-tracker.js';
export * from './sync/index.js';
