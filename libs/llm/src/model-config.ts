import path from 'node:path';
import { z } from 'zod';
import { Secret, terminal, type CascadeError } from '@cascade/contracts';

/** Prices in US dollars per million tokens; 0 when none is configured. */
export interface ModelPrice {
  readonly usdPer1MPrompt: number;
  readonly usdPer1MCompletion: number;
}

export interface ModelConfig {
  /** Address of an OpenAI-compatible API, usually ending in `/v1`; without credentials. */
  readonly baseURL: string;
  readonly apiKey?: Secret;
  readonly model: string;
  /** Every answer is also written here. */
  readonly recordDirectory?: string;
  /** Every answer is read from here; nothing is sent anywhere. */
  readonly replayDirectory?: string;
  readonly price: ModelPrice;
  /** Upper bound of one answer; a longer one is refused, not cut. */
  readonly maxTokens: number;
  /** Upper bound of one HTTP exchange, its body included. */
  readonly timeoutMs: number;
  /** Waits between attempts at an endpoint that does not answer, or says no; their number bounds the attempts. */
  readonly retryDelaysMs: readonly number[];
  /** Upper bound of one HTTP body. */
  readonly maxAnswerBytes: number;
  /** Upper bound of one conversation in characters. */
  readonly maxPromptChars: number;
}

export type Environment = Readonly<Record<string, string | undefined>>;

const openAiAddress = 'https://api.openai.com/v1';
const replayAddress = 'http://recorded.invalid/v1';
/** Node's own fetch gives up on silent connections after 300 s; ours must end first, to say what happened. */
const longestTimeoutMs = 290_000;

const price = z.coerce.number().min(0).max(1_000_000).default(0);
const environmentSchema = z.object({
  OPENAI_API_KEY: z.string().optional(),
  OPENAI_BASE_URL: z.url({ protocol: /^https?$/, error: 'must be an http(s) address such as http://localhost:11434/v1' })
    .refine((address) => !hasCredentials(address), 'must not contain a user name or a password; put the key into OPENAI_API_KEY').optional(),
  CASCADE_MODEL: z.string().max(200).optional(),
  CASCADE_EMBEDDINGS_MODEL: z.string().max(200).optional(),
  CASCADE_LLM_RECORD: z.string().optional(),
  CASCADE_LLM_REPLAY: z.string().optional(),
  CASCADE_USD_PER_1M_PROMPT_TOKENS: price,
  CASCADE_USD_PER_1M_COMPLETION_TOKENS: price,
  CASCADE_MODEL_MAX_TOKENS: z.coerce.number().int().min(64).max(1_000_000).default(16_384),
  CASCADE_MODEL_TIMEOUT_MS: z.coerce.number().int().min(100).max(longestTimeoutMs).default(longestTimeoutMs),
}).refine((env) => env.CASCADE_LLM_RECORD === undefined || env.CASCADE_LLM_REPLAY === undefined, {
  path: ['CASCADE_LLM_RECORD'], error: 'cannot be set together with CASCADE_LLM_REPLAY',
});
type ModelEnvironment = z.output<typeof environmentSchema>;

function hasCredentials(address: string): boolean {
  const url = URL.parse(address);
  return url !== null && (url.username !== '' || url.password !== '');
}

/** Throws terminal `CASC_MODEL_CONFIG_INVALID` with every bad variable; values are never shown, they may be secret. */
function parseEnvironment(env: Environment): ModelEnvironment {
  const set = Object.fromEntries(Object.entries(env).map(([name, value]) => [name, value?.trim()]).filter(([, value]) => value !== ''));
  const parsed = environmentSchema.safeParse(set);
  if (parsed.success) return parsed.data;
  throw terminal('CASC_MODEL_CONFIG_INVALID', 'The settings of the language model are not valid.', {
    advice: 'Correct these environment variables and start again.',
    findings: parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`),
  });
}

const names = (env: ModelEnvironment): boolean => env.OPENAI_API_KEY !== undefined || env.OPENAI_BASE_URL !== undefined;

/**
 * The model that the environment configures, or `undefined` when it configures none. Variables: OPENAI_API_KEY,
 * OPENAI_BASE_URL, CASCADE_MODEL, CASCADE_LLM_RECORD, CASCADE_LLM_REPLAY, CASCADE_USD_PER_1M_PROMPT_TOKENS,
 * CASCADE_USD_PER_1M_COMPLETION_TOKENS, CASCADE_MODEL_MAX_TOKENS, CASCADE_MODEL_TIMEOUT_MS. Replay needs nothing but
 * its directory. Throws terminal `CASC_MODEL_CONFIG_INVALID` for values that cannot be used.
 */
export function readModelConfig(env: Environment): ModelConfig | undefined {
  const settings = parseEnvironment(env);
  const replay = settings.CASCADE_LLM_REPLAY;
  if (replay === undefined && (!names(settings) || settings.CASCADE_MODEL === undefined)) return undefined;
  return configOf(settings, settings.CASCADE_MODEL ?? 'recorded');
}

/** The same endpoint with the model of CASCADE_EMBEDDINGS_MODEL; `undefined` when there is none, or answers are replayed. */
export function readEmbeddingsConfig(env: Environment): ModelConfig | undefined {
  const settings = parseEnvironment(env);
  const { CASCADE_EMBEDDINGS_MODEL: model } = settings;
  return model === undefined || settings.CASCADE_LLM_REPLAY !== undefined || !names(settings) ? undefined : configOf(settings, model);
}

function configOf(settings: ModelEnvironment, model: string): ModelConfig {
  const replay = settings.CASCADE_LLM_REPLAY;
  return {
    baseURL: replay === undefined ? settings.OPENAI_BASE_URL ?? openAiAddress : replayAddress,
    model,
    ...(settings.OPENAI_API_KEY === undefined ? {} : { apiKey: new Secret(settings.OPENAI_API_KEY) }),
    ...(settings.CASCADE_LLM_RECORD === undefined ? {} : { recordDirectory: path.resolve(settings.CASCADE_LLM_RECORD) }),
    ...(replay === undefined ? {} : { replayDirectory: path.resolve(replay) }),
    price: { usdPer1MPrompt: settings.CASCADE_USD_PER_1M_PROMPT_TOKENS, usdPer1MCompletion: settings.CASCADE_USD_PER_1M_COMPLETION_TOKENS },
    maxTokens: settings.CASCADE_MODEL_MAX_TOKENS,
    timeoutMs: settings.CASCADE_MODEL_TIMEOUT_MS,
    retryDelaysMs: [500, 2_000, 8_000],
    maxAnswerBytes: 8 * 1024 * 1024,
    maxPromptChars: 1_000_000,
  };
}

/** As `readModelConfig`, but a missing model is terminal `CASC_MODEL_NOT_CONFIGURED`, which says how to configure one. */
export function requireModelConfig(env: Environment): ModelConfig {
  const config = readModelConfig(env);
  if (config !== undefined) return config;
  throw notConfigured(names(parseEnvironment(env)));
}

function notConfigured(onlyModelMissing: boolean): CascadeError {
  if (onlyModelMissing) {
    return terminal('CASC_MODEL_NOT_CONFIGURED', 'An endpoint for the language model is configured, but not which model: CASCADE_MODEL is not set.', {
      advice: 'Set CASCADE_MODEL to a model that the endpoint serves, e.g. CASCADE_MODEL=gpt-4.1 (OpenAI) or CASCADE_MODEL=qwen3:32b (Ollama).',
    });
  }
  return terminal('CASC_MODEL_NOT_CONFIGURED', 'No language model is configured.', {
    advice: [
      'Configure one of these three, then start again:',
      '  OpenAI:                          OPENAI_API_KEY=… CASCADE_MODEL=gpt-4.1',
      '  any OpenAI-compatible endpoint   OPENAI_BASE_URL=http://localhost:11434/v1 CASCADE_MODEL=qwen3:32b',
      '  (Ollama, vLLM, llama.cpp, a gateway; OPENAI_API_KEY too if it asks for a key)',
      '  recorded answers, no model:      CASCADE_LLM_REPLAY=<directory of a recording>',
    ].join('\n'),
  });
}

/** The endpoint's address for messages: no credentials, no query. */
export function endpointAddress(config: ModelConfig): string {
  const url = new URL(config.baseURL);
  return `${url.origin}${url.pathname}`.replace(/\/$/, '');
}

/** One line that says where answers come from, e.g. `gpt-4.1 at https://api.openai.com/v1`. */
export function modelSource(config: ModelConfig): string {
  if (config.replayDirectory !== undefined) return `recorded answers from ${config.replayDirectory}`;
  const recording = config.recordDirectory === undefined ? '' : `, recording to ${config.recordDirectory}`;
  return `${config.model} at ${endpointAddress(config)}${recording}`;
}
