import { githubMetrics } from '@cascade/telemetry';

type Method = Parameters<typeof githubMetrics.requests.add>[0]['method'];
type Status = Parameters<typeof githubMetrics.requests.add>[0]['status'];

/** Those that mean something of their own. */
const own: Readonly<Record<number, Status>> = { 304: '304', 403: '403', 404: '404', 429: '429' };
const classes: readonly (Status | undefined)[] = [undefined, undefined, '2xx', '3xx', '4xx', '5xx'];

/** Counts a request, once it is ended by an answer or without one; what comes after the first call of the result does not count. */
export function beginRequest(method = 'GET'): (response: Response | undefined) => void {
  const begin = performance.now();
  let isEnded = false;
  return (response) => {
    if (isEnded) return;
    isEnded = true;
    const status = response === undefined ? 'none' : own[response.status] ?? classes[Math.floor(response.status / 100)] ?? 'none';
    githubMetrics.requests.add({ method: method.toUpperCase() as Method, status });
    githubMetrics.seconds.observe({}, (performance.now() - begin) / 1_000);
    if (response !== undefined) noteLimit(response.headers);
  };
}

function noteLimit(headers: Headers): void {
  const [resource, remaining, limit] = ['resource', 'remaining', 'limit'].map((name) => headers.get(`x-ratelimit-${name}`)) as [string | null, string | null, string | null];
  if (resource === null || remaining === null || !/^[a-z_]{1,40}$/.test(resource) || !/^\d{1,12}$/.test(remaining)) return;
  githubMetrics.remaining.set({ resource }, Number(remaining));
  if (limit !== null && /^\d{1,12}$/.test(limit)) githubMetrics.limit.set({ resource }, Number(limit));
}
