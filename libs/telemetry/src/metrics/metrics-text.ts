import { registry } from '../registry.js';
import { readGauges } from './gauge-sources.js';

export const METRICS_CONTENT_TYPE = registry.contentType;

let reading: Promise<string> | undefined;

/** All metrics of this process in Prometheus' text format. Questions at the same time share one answer. `onTrouble`: what could not be read. */
export function metricsText(onTrouble: (why: string) => void): Promise<string> {
  return reading ??= readGauges(onTrouble).then(() => registry.metrics()).finally(() => (reading = undefined));
}
