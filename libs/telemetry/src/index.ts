export { registry } from './registry.js';
export { currentScope, currentTraceparent, inScope, type Scope } from './scope.js';
export { names, spanEvents } from './traces/names.js';
export { noSpan, type Attributes, type Span, type SpanKind, type SpanStart } from './traces/span.js';
export { startTracing, wantsTraces } from './traces/start-tracing.js';
export { parseTraceparent } from './traces/traceparent.js';
export { isTracing, startSpan, stopTracing, traced } from './traces/tracing.js';
