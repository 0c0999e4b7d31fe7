export { DocsClient, type IndexedBranch } from './docs-client.js';
export { surroundings, type SurroundingsOf } from './surroundings.js';
