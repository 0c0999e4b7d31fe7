/** Bound of the files' texts in one prompt, in characters. */
export const MAX_SOURCE_CHARS = 60_000;

interface PromptFile {
  readonly path: string;
  readonly text: string;
}

/** Whether each file fits, in the given order: what does not leaves its room to those after it. */
function fits(files: readonly PromptFile[], maxChars: number): boolean[] {
  let left = maxChars;
  return files.map(({ text }) => {
    if (text.length > left) return false;
    left -= text.length;
    return true;
  });
}

/** Paths of the files that fit into a prompt, and of those that do not; by default those that `fileSections` shows. */
export function fileFit(files: readonly PromptFile[], maxChars: number = MAX_SOURCE_CHARS): { readonly shown: string[]; readonly left: string[] } {
  const fitting = fits(files, maxChars);
  const paths = (wanted: boolean): string[] => files.filter((_, index) => fitting[index] === wanted).map(({ path }) => path);
  return { shown: paths(true), left: paths(false) };
}

/**
 * Files as sections of a prompt, in the given order, until the bound; a file that does not fit is named, never cut. What is
 * known of code `elsewhere` comes after them.
 */
export function fileSections(files: readonly PromptFile[], elsewhere = ''): string {
  const fitting = fits(files, MAX_SOURCE_CHARS);
  const sections = files.map(({ path, text }, index) => (fitting[index] ? `--- ${path}\n${text.trimEnd()}` : `(${path} is not shown: too long)`));
  return [...sections, ...(elsewhere === '' ? [] : [elsewhere])].join('\n\n') || '(none)';
}
