export { DocsClient, type IndexedBranch } from './docs-client.js';
export { symbolLines } from './symbol-lines.js';
export { surroundings, type SurroundingsOf } from './surroundings.js';
