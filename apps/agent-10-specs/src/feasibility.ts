import { docsFind, type Project, type Run, type Story } from '@cascade/contracts';
import type { DocsClient } from '@cascade/docs-client';

/** Most names that one question may have. */
const MAX_NAMES = 50;
const code = /`([^`\n]{1,300})`/g;
/** A call, or a member of something: what else stands in backticks may be a value, a parameter or a file. */
const callOrMember = /^([\p{L}_$][\p{L}\p{N}_$]*(?:\.[\p{L}_$][\p{L}\p{N}_$]*)*)(\(.*\))?$/u;
const file = /\.(?:[cm]?[jt]sx?|py|go|rs|java|json|md|ya?ml|toml|txt)$/;

/** Functions and methods of which the stories' notes speak. Notes say what is there; tasks may name what is to be made. */
export function namedByNotes(stories: readonly Pick<Story, 'devNotes'>[]): string[] {
  const names = stories.flatMap((story) => story.devNotes.flatMap(({ note }) => [...note.matchAll(code)].flatMap(([, text = '']) => {
    const [, name, call] = callOrMember.exec(text) ?? [];
    return name === undefined || (call === undefined && !name.includes('.')) || file.test(name) ? [] : [name];
  })));
  return [...new Set(names)].sort().slice(0, MAX_NAMES);
}

/**
 * Whether the stories speak of code that is there: what the documentation graph does not know is told to people, and put
 * before the writer of the specification. Empty when everything is known, or the graph cannot be asked.
 */
export async function feasibility(docs: DocsClient, run: Run, { docs: known, branch }: Project, stories: readonly Story[]): Promise<string> {
  const names = namedByNotes(stories);
  if (known === undefined || names.length === 0) return '';
  const answer = await docs.ask(run, 'specs/docs/find', docsFind, { repository: known.repository, branch, names });
  const unknown = answer?.names.filter(({ count }) => count === 0) ?? [];
  if (unknown.length === 0) return '';
  const lines = unknown.map(({ name, near }) => `- \`${name}\`${near.length === 0 ? '' : `; there is ${near.slice(0, 3).map((one) => `\`${one}\``).join(', ')}`}`);
  await run.progress({ kind: 'notice', text: `the stories' notes name ${unknown.length === 1 ? 'a function' : 'functions'} that the repository does not define: ${unknown.map(({ name }) => name).join(', ')}` });
  return `The notes name these, and no file of the repository defines them (a library may):\n${lines.join('\n')}`;
}
