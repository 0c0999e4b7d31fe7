/** More repositories than one process works on at a time. */
const MAX_REMEMBERED = 1_000;

/** Puts `value` into `map`; what was put there first goes when it gets too many. */
export function remember<T>(map: Map<string, T>, name: string, value: T): void {
  map.set(name, value);
  const [oldest] = map.keys();
  if (map.size > MAX_REMEMBERED && oldest !== undefined) map.delete(oldest);
}
