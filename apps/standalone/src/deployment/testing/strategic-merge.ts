export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

/** Lists whose elements are told apart by one of their fields, as Kubernetes' types say; any other list is replaced as a whole. */
const keyOfList: Readonly<Record<string, string>> = { containers: 'name', initContainers: 'name', env: 'name', volumes: 'name', volumeMounts: 'mountPath', ports: 'containerPort', topologySpreadConstraints: 'topologyKey' };

export const isObject = (value: Json | undefined): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

/** What Kubernetes calls a strategic merge: `patch` over `value`; null removes. */
export function strategicMerge(value: Json | undefined, patch: Json, field = ''): Json {
  if (isObject(patch)) {
    const merged: Record<string, Json> = isObject(value) ? { ...value } : {};
    for (const [key, part] of Object.entries(patch)) {
      if (part === null) delete merged[key];
      else merged[key] = strategicMerge(merged[key], part, key);
    }
    return merged;
  }
  const key = keyOfList[field];
  if (!Array.isArray(patch) || !Array.isArray(value) || key === undefined) return patch;
  const [before, after] = [value, patch].map((list) => list as readonly JsonObject[]) as [readonly JsonObject[], readonly JsonObject[]];
  if (![...before, ...after].every((element) => isObject(element) && element[key] !== undefined)) return patch;
  const added = after.filter((element) => !before.some((old) => old[key] === element[key]));
  return [...added, ...before.map((old) => strategicMerge(old, after.find((element) => element[key] === old[key]) ?? {}))];
}
