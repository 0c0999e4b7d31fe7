import { webhookMetrics } from '@cascade/telemetry';
import type { Outcome } from './outcomes.js';

/** Counts how requests end, and how long GitHub waits for its answer. */
export class WebhookMetrics {
  constructor() {
    webhookMetrics.requests.begin(); // an alarm on growth needs a beginning
  }

  count(outcome: Outcome, seconds?: number): void {
    webhookMetrics.requests.add({ outcome });
    if (seconds !== undefined) webhookMetrics.seconds.observe({}, seconds);
  }
}
