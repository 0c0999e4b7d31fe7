const kindOf = (value: unknown): string => Array.isArray(value) ? 'list' : value === null ? 'null' : typeof value;

/** Members of the same name hold the same kind of value on both sides (null beside anything, as GitHub allows). */
export function shapesDiffer(one: unknown, other: unknown, at: string): string[] {
  if (kindOf(one) === 'null' || kindOf(other) === 'null') return [];
  if (kindOf(one) !== kindOf(other)) return [`${at}: ${kindOf(one)} and ${kindOf(other)}`];
  if (Array.isArray(one) && Array.isArray(other)) return one.length === 0 || other.length === 0 ? [] : shapesDiffer(one[0], other[0], `${at}[]`);
  if (typeof one !== 'object') return [];
  const [left, right] = [one as Record<string, unknown>, other as Record<string, unknown>];
  return Object.keys(left).filter((key) => key in right).flatMap((key) => shapesDiffer(left[key], right[key], `${at}.${key}`));
}
