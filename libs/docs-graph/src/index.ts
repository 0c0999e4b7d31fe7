export * from './facts/file-facts.js';
export { factBounds } from './facts/bounds.js';
export { SourceReader } from './facts/source-reader.js';
