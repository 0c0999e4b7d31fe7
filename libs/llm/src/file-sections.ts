/** Bound of the files' texts in one prompt, in characters. */
export const MAX_SOURCE_CHARS = 60_000;

/** Files as sections of a prompt, in the given order, until the bound; a file that does not fit is named, never cut. */
export function fileSections(files: readonly { readonly path: string; readonly text: string }[]): string {
  let left = MAX_SOURCE_CHARS;
  return files.map(({ path, text }) => {
    if (text.length > left) return `(${path} is not shown: too long)`;
    left -= text.length;
    return `--- ${path}\n${text.trimEnd()}`;
  }).join('\n\n') || '(none)';
}
