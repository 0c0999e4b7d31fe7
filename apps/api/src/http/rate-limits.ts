/** Clients that are remembered; beyond them the ones not seen for longest are forgotten. */
export const MAX_CLIENTS = 10_000;

interface Bucket {
  left: number;
  at: number;
}

/** How many requests each client may still send: a minute's worth at once, then as many as come back by the second. */
export class RateLimits {
  private readonly buckets = new Map<string, Bucket>();

  /** `now` in milliseconds of any steady clock. */
  constructor(private readonly perMinute: number, private readonly now: () => number = () => performance.now()) {}

  /** Takes one request of a client; gives the milliseconds until it may send another when there is none left, else 0. */
  take(client: string): number {
    const now = this.now();
    const bucket = this.buckets.get(client) ?? { left: this.perMinute, at: now };
    bucket.left = Math.min(this.perMinute, bucket.left + (now - bucket.at) * this.perMinute / 60_000);
    bucket.at = now;
    this.buckets.delete(client); // to the end of the order: it was seen last
    if (this.buckets.size >= MAX_CLIENTS) this.buckets.delete(this.buckets.keys().next().value!);
    this.buckets.set(client, bucket);
    if (bucket.left < 1) return Math.ceil((1 - bucket.left) * 60_000 / this.perMinute);
    bucket.left -= 1;
    return 0;
  }
}
