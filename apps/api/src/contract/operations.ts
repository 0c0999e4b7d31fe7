import { callMcp } from '../mcp/mcp-operation.js';
import * as cascades from './cascade-operations.js';
import { docsQuestions, indexDocs } from './docs-operations.js';
import * as items from './item-operations.js';
import type { Operation } from './operation.js';
import * as others from './other-operations.js';
import { getStreams, overviewEventStream } from './stream-operations.js';

/** Every operation of the API, in the order of the document. */
export const operations: readonly Operation[] = [
  ...Object.values(cascades), ...Object.values(items), getStreams, overviewEventStream, indexDocs, ...docsQuestions.map(({ operation }) => operation), callMcp, ...Object.values(others),
];
