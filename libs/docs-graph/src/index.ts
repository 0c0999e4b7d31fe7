export * from './facts/file-facts.js';
export { factBounds } from './facts/bounds.js';
export { SourceReader } from './facts/source-reader.js';
export { type Hit } from './search/ranking.js';
export { searchBounds } from './search/search-bounds.js';
export { searchDocument, type SearchDocument } from './search/search-document.js';
export { SearchIndex } from './search/search-index.js';
export { callEdge, type CallEdge, resolveCalls } from './resolve/resolve-calls.js';
