import { isTracing, recordWith } from './tracing.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** Whether the environment asks for traces, by the variables that OpenTelemetry has for it. */
export function wantsTraces(env: Environment): boolean {
  const endpoint = env['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'] || env['OTEL_EXPORTER_OTLP_ENDPOINT'];
  return endpoint !== undefined && endpoint !== '' && env['OTEL_SDK_DISABLED']?.toLowerCase() !== 'true' && env['OTEL_TRACES_EXPORTER'] !== 'none';
}

/**
 * Records the spans of this process from now on, if the environment names an endpoint; only then OpenTelemetry is loaded.
 * `service`: the name that they have unless the environment says otherwise. `warn` is told once when the endpoint is away.
 * The SDK reads its other variables from `process.env`, whatever `env` is.
 */
export async function startTracing(service: string, warn: (text: string) => void, env: Environment = process.env): Promise<void> {
  if (!wantsTraces(env) || isTracing()) return;
  const { OtelRecorder } = await import('./otel-recorder.js');
  recordWith(new OtelRecorder(service, warn));
}
