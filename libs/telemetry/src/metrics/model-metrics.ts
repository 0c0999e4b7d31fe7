import { counter } from './counter.js';
import { histogram } from './histogram.js';
import { namesOf, oneOf } from './label-values.js';

/** Labels of OpenTelemetry's conventions for generative models, with Prometheus' underscores. */
const ofCall = {
  gen_ai_operation_name: oneOf('chat', 'embeddings'),
  gen_ai_provider_name: oneOf('openai', 'recording'),
  gen_ai_request_model: namesOf('the configured model', 20),
};
const modelFunction = namesOf('a function of baml_src', 100);

/** Counted by the services that ask a model. Buckets are those of the conventions. */
export const modelMetrics = {
  tokens: histogram({ name: 'gen_ai_client_token_usage', help: 'Tokens of one answered request.', labels: { ...ofCall, gen_ai_token_type: oneOf('input', 'output') }, buckets: [1, 4, 16, 64, 256, 1_024, 4_096, 16_384, 65_536, 262_144, 1_048_576] }),
  seconds: histogram({
    name: 'gen_ai_client_operation_duration_seconds', help: 'Time of one request, each attempt by itself; `error_type` is empty when it was answered.',
    labels: { ...ofCall, error_type: namesOf('an [error code](errors.md), or empty', 40) }, buckets: [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92, 163.84, 327.68],
  }),
  spent: counter({ name: 'cascade_model_spend_usd_total', help: 'What answers cost, by the configured prices.', labels: { gen_ai_request_model: ofCall.gen_ai_request_model } }),
  answers: counter({ name: 'cascade_model_answers_total', help: 'Answers that handlers got: from the model (or a recording of it), or from the journal of an earlier try, which costs nothing.', labels: { source: oneOf('model', 'journal') } }),
  judged: counter({ name: 'cascade_model_answers_judged_total', help: 'What became of answers: used, given back to the model for correction, or given up.', labels: { function: modelFunction, verdict: oneOf('used', 'corrected', 'given_up') } }),
};
