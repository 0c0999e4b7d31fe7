/** The folder of a path, `.` for the top: as path.posix.dirname, which takes longer. */
export function folderOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '.' : path.slice(0, slash);
}
