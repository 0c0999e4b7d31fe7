export * from './tracker/issue-tracker.js';
