import { gitReadFiles, type CommandBus, type DataOf, type Run, type storiesApproved } from '@cascade/contracts';
import { DocsClient, surroundings } from '@cascade/docs-client';
import { fileFit } from '@cascade/llm';
import { feasibility } from './feasibility.js';

/** What the prompts of this tier may show of the repository, read at one commit. */
export interface RepositoryMaterial {
  /** Every file of the repository, sorted. */
  readonly paths: readonly string[];
  /** In the order in which they matter for this change. */
  readonly files: readonly { readonly path: string; readonly text: string }[];
  /** The project's own Spec Kit constitution, or undefined. */
  readonly constitution: string | undefined;
  /** What the documentation graph says of code that is not shown; empty where it was not needed. */
  readonly elsewhere: string;
}

/** Bounds of a prompt. A file that does not fit is named as left out, never cut. */
export const MAX_SOURCE_FILES = 60;
export const MAX_LISTED_PATHS = 400;
const MAX_READ_BYTES = 1_000_000;
const MAX_CONSTITUTION_CHARS = 20_000;
const ELSEWHERE_TOKENS = 3_000;

const constitutionPath = '.specify/memory/constitution.md';
const manifests = ['package.json', 'pyproject.toml', 'setup.cfg', 'requirements.txt', 'tsconfig.json', 'README.md'];
const sourceFile = /\.(?:[cm]?[jt]sx?|py)$/;
const noise = /(?:^|\/)(?:node_modules|dist|build|coverage|\.git|__pycache__)\/|(?:^|\/)(?:package-lock|npm-shrinkwrap)\.json$|\.min\.js$/;

/** Reads, in journalled steps, the list of files and the texts that matter, and asks the documentation graph for the rest. */
export async function readMaterial(data: DataOf<typeof storiesApproved>, commands: CommandBus, run: Run): Promise<RepositoryMaterial> {
  const read = (key: string, paths: string[]) => run.step(`specs/${key}`, () => commands.send(
    gitReadFiles, { repositoryId: data.project.repositoryId, commit: data.integrationSha, paths, maxBytes: MAX_READ_BYTES },
    { key: `specs/${key}`, cascadeId: run.cascadeId, signal: run.signal },
  ));
  const { entries } = await read('list files', []);
  const paths = entries.map((entry) => entry.path).toSorted();
  const wanted = chooseFiles(paths, data);
  const { files } = await read('read sources', paths.includes(constitutionPath) ? [...wanted, constitutionPath] : wanted);
  const text = files.find((file) => file.path === constitutionPath)?.text;
  const texts = wanted.flatMap((path) => files.filter((file) => file.path === path).map((file) => ({ path: file.path, text: file.text })));
  return {
    paths,
    files: texts,
    elsewhere: await elsewhere(data, texts, new DocsClient(commands), run),
    // A template that nobody filled in says nothing (Spec Kit skips it too).
    constitution: text === undefined || /\[PROJECT_NAME\]|\[PRINCIPLE_1_NAME\]/.test(text) ? undefined : text.slice(0, MAX_CONSTITUTION_CHARS),
  };
}

async function elsewhere({ project, stories }: DataOf<typeof storiesApproved>, texts: RepositoryMaterial['files'], docs: DocsClient, run: Run): Promise<string> {
  const { shown, left } = fileFit(texts);
  const known = await surroundings(docs, run, 'specs/docs/surroundings', project, { paths: citedBy(stories), shown, outlined: left, tokens: ELSEWHERE_TOKENS });
  return [known, await feasibility(docs, run, project, stories)].filter((text) => text !== undefined && text !== '').join('\n\n');
}

const citedBy = (stories: DataOf<typeof storiesApproved>['stories']): string[] => [...new Set(stories.flatMap((story) => story.devNotes.map((note) => note.source.replace(/#.*$/, ''))))].sort();

/** Manifests, then what the stories' notes cite, an example of a test, then the other sources by path. */
export function chooseFiles(paths: readonly string[], data: Pick<DataOf<typeof storiesApproved>, 'stories' | 'project'>): string[] {
  const { exampleTest } = data.project.testPlan;
  const rest = paths.filter((path) => sourceFile.test(path) && !noise.test(path) && !isDocument(path));
  const known = new Set(paths);
  return [...new Set([...manifests, ...citedBy(data.stories), ...(exampleTest === undefined ? [] : [exampleTest]), ...rest])].filter((path) => known.has(path)).slice(0, MAX_SOURCE_FILES);
}

/** The process's own documents: they say what the stories already say. */
const isDocument = (path: string): boolean => /^(?:docs\/(?:prd|stories|qa)|specs|\.specify)(?:\/|\.md$)/.test(path);

export function pathsText(paths: readonly string[]): string {
  const listed = paths.filter((path) => !noise.test(path) && !isDocument(path));
  const shown = listed.slice(0, MAX_LISTED_PATHS);
  return [...shown, ...(listed.length > shown.length ? [`(and ${listed.length - shown.length} more)`] : [])].join('\n') || '(none)';
}
