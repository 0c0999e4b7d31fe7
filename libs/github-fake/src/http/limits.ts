import { Refusal } from '../world/refusal.js';
import { type Clock } from '../clock.js';

export interface LimitSettings {
  /** Requests of one account. */
  readonly perHour: number;
  /** Secondary: reading costs 1 point, writing 5. */
  readonly pointsPerMinute: number;
  /** Secondary: what makes issues, comments, pull requests. */
  readonly contentPerMinute: number;
  readonly contentPerHour: number;
  /** Secondary refusals are answered so: 403 or 429, GitHub uses both. */
  readonly status: 403 | 429;
}

/** GitHub's own. https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api */
export const githubLimits: LimitSettings = { perHour: 5000, pointsPerMinute: 900, contentPerMinute: 80, contentPerHour: 500, status: 403 };
/** For tests that are not about limits. */
export const noLimits: LimitSettings = { perHour: 1e9, pointsPerMinute: 1e9, contentPerMinute: 1e9, contentPerHour: 1e9, status: 403 };

const MINUTE = 60_000;
const HOUR = 3_600_000;

interface Usage {
  used: number;
  resetsAt: number;
  /** Times of what counts against the secondary limits; one entry a point. */
  points: number[];
  content: number[];
}

/** Rate limits of each account, on the fake's clock. */
export class Limits {
  readonly #usages = new Map<string, Usage>();

  constructor(readonly settings: LimitSettings, private readonly clock: Clock) {}

  #usage(who: string): Usage {
    const now = this.clock.now();
    let usage = this.#usages.get(who);
    if (usage === undefined || usage.resetsAt <= now) this.#usages.set(who, (usage = { used: 0, resetsAt: now + HOUR, points: usage?.points ?? [], content: usage?.content ?? [] }));
    return usage;
  }

  /** @throws Refusal 403 or 429 when the request is one too many; it has no effect then */
  admit(who: string, isWrite: boolean, makesContent: boolean): void {
    const now = this.clock.now();
    const usage = this.#usage(who);
    if (usage.used >= this.settings.perHour) throw new Refusal(403, `API rate limit exceeded for ${who}.`);
    usage.used += 1;
    usage.points = usage.points.filter((at) => at > now - MINUTE);
    usage.content = usage.content.filter((at) => at > now - HOUR);
    const cost = isWrite ? 5 : 1;
    if (usage.points.length + cost > this.settings.pointsPerMinute) throw this.#tooMuch(now, usage.points[0], MINUTE);
    for (let point = 0; point < cost; point += 1) usage.points.push(now);
    if (makesContent) this.#admitContent(usage, now);
  }

  #admitContent(usage: Usage, now: number): void {
    const lately = usage.content.filter((at) => at > now - MINUTE);
    if (lately.length >= this.settings.contentPerMinute) throw this.#tooMuch(now, lately[0], MINUTE);
    if (usage.content.length >= this.settings.contentPerHour) throw this.#tooMuch(now, usage.content[0], HOUR);
    usage.content.push(now);
  }

  #tooMuch(now: number, oldest: number | undefined, window: number): Refusal {
    return secondaryRefusal(this.settings.status, Math.max(1, Math.ceil(((oldest ?? now) + window - now) / 1000)));
  }

  /** What was not modified costs nothing. */
  giveBack(who: string): void {
    const usage = this.#usage(who);
    usage.used = Math.max(0, usage.used - 1);
  }

  /** From now until the hour is over nothing is left. */
  exhaust(who: string): void {
    this.#usage(who).used = this.settings.perHour;
  }

  state(who: string): { readonly limit: number; readonly used: number; readonly remaining: number; readonly reset: number } {
    const { used, resetsAt } = this.#usage(who);
    return { limit: this.settings.perHour, used, remaining: Math.max(0, this.settings.perHour - used), reset: Math.ceil(resetsAt / 1000) };
  }

  headers(who: string): Readonly<Record<string, string>> {
    const { limit, used, remaining, reset } = this.state(who);
    return { 'x-ratelimit-limit': String(limit), 'x-ratelimit-remaining': String(remaining), 'x-ratelimit-used': String(used), 'x-ratelimit-reset': String(reset), 'x-ratelimit-resource': 'core' };
  }
}

export const secondaryRefusal = (status: number, seconds: number): Refusal => new Refusal(
  status, 'You have exceeded a secondary rate limit and have been temporarily blocked from content creation. Please retry your request again later.', [], { 'retry-after': String(seconds) },
);
