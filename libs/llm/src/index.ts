export { EmbeddingsEndpoint } from './embeddings-endpoint.js';
export { modelSource, readEmbeddingsConfig, readModelConfig, requireModelConfig, endpointAddress, type Environment, type ModelConfig, type ModelPrice } from './model-config.js';
export { fileFit, fileSections, MAX_SOURCE_CHARS } from './file-sections.js';
export { Model, type CallOptions } from './model.js';
export { renderPrompt, type AnswerOf, type ArgsOf, type ChatMessage, type FunctionName, type ObjectFunctionName, type TextFunctionName } from './baml-functions.js';
export type { Fetch } from './bounded-fetch.js';
export type * from './baml_client/types.js';
