import { gitReadFiles, type CommandBus, type DataOf, type Run, type specReady } from '@cascade/contracts';
import { DocsClient, surroundings } from '@cascade/docs-client';
import { fileFit } from '@cascade/llm';

/** What the designer reads of the repository, at one commit. */
export interface DesignMaterial {
  readonly paths: readonly string[];
  readonly files: readonly { readonly path: string; readonly text: string }[];
  /** What the documentation graph says of code that is not shown; empty where it was not needed. */
  readonly elsewhere: string;
}

/** Bounds of what goes into a design prompt. Files are chosen in a fixed order; those that do not fit are listed by name only. */
export const MAX_SOURCE_FILES = 60;
export const MAX_LISTED_PATHS = 400;
const MAX_READ_BYTES = 1_000_000;
const ELSEWHERE_TOKENS = 3_000;

const sourceFile = /\.(?:[cm]?[jt]sx?|py|json|toml)$/;
const noise = /(?:^|\/)(?:node_modules|dist|build|coverage|\.[^/]+)\/|(?:^|\/)(?:package-lock|npm-shrinkwrap)\.json$|\.min\.js$/;

/** Reads, in journalled steps, the file list and the texts that the design needs, and asks the documentation graph for the rest. */
export async function readMaterial(data: DataOf<typeof specReady>, commands: CommandBus, run: Run): Promise<DesignMaterial> {
  const { repositoryId } = data.project;
  const commit = data.integrationSha;
  const send = (key: string, paths: string[]) => run.step(`programs/${key}`, () =>
    commands.send(gitReadFiles, { repositoryId, commit, paths, maxBytes: MAX_READ_BYTES }, { key: `programs/${key}`, cascadeId: run.cascadeId, signal: run.signal }));
  const { entries } = await send('list files', []);
  const paths = entries.map((entry) => entry.path).filter((path) => !noise.test(path)).sort();
  const wanted = chooseSources(paths, data);
  const { files } = await send('read sources', wanted);
  const texts = wanted.flatMap((path) => files.filter((file) => file.path === path));
  const { shown, left } = fileFit(texts.filter(({ path }) => !path.startsWith(`${data.featureDirectory}/`)));
  const elsewhere = await surroundings(new DocsClient(commands), run, 'programs/docs/surroundings', data.project, { paths: touchedBy(data.tasks), shown, outlined: left, tokens: ELSEWHERE_TOKENS });
  return { paths, files: texts, elsewhere: elsewhere ?? '' };
}

const touchedBy = (tasks: DataOf<typeof specReady>['tasks']): string[] => [...new Set(tasks.flatMap((task) => task.paths))].sort();

/** Specification first, then what the tasks touch, then the rest of the sources by path. */
export function chooseSources(paths: readonly string[], data: Pick<DataOf<typeof specReady>, 'featureDirectory' | 'tasks' | 'project'>): string[] {
  const specification = ['plan.md', 'data-model.md'].map((name) => `${data.featureDirectory}/${name}`);
  const contracts = paths.filter((path) => path.startsWith(`${data.featureDirectory}/contracts/`));
  const example = data.project.testPlan.exampleTest === undefined ? [] : [data.project.testPlan.exampleTest];
  const rest = paths.filter((path) => sourceFile.test(path) && !path.startsWith('docs/') && !path.startsWith('specs/'));
  const known = new Set(paths);
  return [...new Set([...specification, ...contracts, ...touchedBy(data.tasks), ...example, ...rest])].filter((path) => known.has(path)).slice(0, MAX_SOURCE_FILES);
}

export function renderPaths(paths: readonly string[]): string {
  const shown = paths.slice(0, MAX_LISTED_PATHS);
  return [...shown, ...(paths.length > shown.length ? [`(and ${paths.length - shown.length} more)`] : [])].join('\n');
}
