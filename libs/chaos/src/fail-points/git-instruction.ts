/** The git commands that change something which outlives them; what only reads, or writes objects that nothing names, is left out. */
const changing = new Set(['init', 'fetch', 'update-ref', 'commit-tree', 'worktree add', 'worktree prune', 'reset', 'push']);
/** Options of git itself that take the next argument. */
const withValue = new Set(['-c', '-C', '--git-dir', '--work-tree', '--namespace']);

/** `git update-ref` for such a call; undefined for other programs and for what changes nothing. */
export function gitInstruction(file: string, args: readonly string[]): string | undefined {
  if (!/(^|\/)git$/.test(file)) return undefined;
  const at = args.findIndex((arg, index) => !arg.startsWith('-') && !withValue.has(args[index - 1] ?? ''));
  const command = args[at] === 'worktree' ? `worktree ${args[at + 1]}` : args[at] ?? '';
  return changing.has(command) ? `git ${command}` : undefined;
}
