export { DocsClient, type IndexedBranch } from './docs-client.js';
