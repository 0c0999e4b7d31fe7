/** A qualified name and those of the scopes around it, outwards. */
export function scopesOf(qualifiedName: string): string[] {
  const found: string[] = [];
  for (let scope = qualifiedName; scope !== ''; scope = scope.slice(0, Math.max(0, scope.lastIndexOf('.')))) found.push(scope);
  return found;
}
