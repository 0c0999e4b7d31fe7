import { Counter, Histogram, Registry } from 'prom-client';
import { outcomes, type Outcome } from './outcomes.js';

/** What GET /metrics of this service tells: how many requests ended how, and how long GitHub waited for its answer. */
export class WebhookMetrics {
  readonly #registry = new Registry();
  readonly #requests = new Counter({ name: 'cascade_webhook_requests_total', help: 'Requests to the webhook by how they ended.', labelNames: ['outcome'], registers: [this.#registry] });
  readonly #seconds = new Histogram({ name: 'cascade_webhook_answer_seconds', help: 'Time from a request\'s headers to its answer.', buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5, 10], registers: [this.#registry] });

  constructor() {
    for (const outcome of Object.keys(outcomes)) this.#requests.inc({ outcome }, 0); // an alarm on growth needs a beginning
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  count(outcome: Outcome, seconds?: number): void {
    this.#requests.inc({ outcome });
    if (seconds !== undefined) this.#seconds.observe(seconds);
  }

  print(): Promise<string> {
    return this.#registry.metrics();
  }
}
