import { z } from 'zod';

/** A repository as somebody listed it: paths with sizes, and a reader that knows some of the texts. */
export interface RepositoryFiles {
  readonly entries: readonly { readonly path: string; readonly bytes: number }[];
  read(path: string): string | undefined;
}

const MAX_MANIFEST = 2_000_000;
const dependencies = z.record(z.string(), z.unknown()).catch({}).default({});
const manifest = z.object({
  type: z.string().optional().catch(undefined),
  scripts: z.record(z.string(), z.unknown()).catch({}).default({}),
  dependencies, devDependencies: dependencies, optionalDependencies: dependencies,
  jest: z.unknown().optional(),
});
export type PackageManifest = z.output<typeof manifest>;

const ignored = /(^|\/)(node_modules|\.git|dist|build|coverage|vendor|\.venv|venv|__pycache__|site-packages|fixtures?|__fixtures__)\//;
const javascript = /\.[cm]?[jt]sx?$/;
const helper = /(^|\/)(helpers?|setup|utils?|support|mocks?|__mocks__)[./]/;
const javascriptTest = /([.](test|spec)[.][cm]?[jt]sx?$)|((^|\/)(__tests__|tests?)\/.+[.][cm]?[jt]sx?$)|([-_]test[.][cm]?[jt]s$)|((^|\/)test(-[^/]+)?[.][cm]?[jt]s$)/;
const pythonTest = /(^|\/)(test[^/]*|[^/]+_test)\.py$/;

/** The facts about a repository that detection rules ask for; each is found out once. */
export class RepositoryView {
  readonly paths: readonly string[];
  private readonly known: ReadonlySet<string>;

  constructor(private readonly files: RepositoryFiles) {
    this.paths = files.entries.map(({ path }) => path).filter((path) => !ignored.test(path)).sort();
    this.known = new Set(files.entries.map(({ path }) => path));
  }

  has(path: string): boolean {
    return this.known.has(path);
  }

  text(path: string): string {
    return this.known.has(path) ? this.files.read(path)?.slice(0, MAX_MANIFEST) ?? '' : '';
  }

  find(pattern: RegExp): string | undefined {
    return this.paths.find((path) => pattern.test(path));
  }

  get manifest(): PackageManifest | undefined {
    if (!this.has('package.json')) return undefined;
    try {
      return manifest.catch({ scripts: {}, dependencies: {}, devDependencies: {}, optionalDependencies: {}, type: undefined }).parse(JSON.parse(this.text('package.json')));
    } catch {
      return undefined;
    }
  }

  script(name: string): string | undefined {
    const script = this.manifest?.scripts[name];
    return typeof script === 'string' && script.trim() !== '' ? script.trim() : undefined;
  }

  /** Whether package.json asks for a package, in any of its lists. */
  dependsOn(name: string): boolean {
    const found = this.manifest;
    return found !== undefined && [found.dependencies, found.devDependencies, found.optionalDependencies].some((list) => name in list);
  }

  get javascriptTests(): string[] {
    return this.paths.filter((path) => javascriptTest.test(path) && !helper.test(path) && !path.endsWith('.d.ts'));
  }

  get pythonTests(): string[] {
    return this.paths.filter((path) => pythonTest.test(path));
  }

  get hasJavascript(): boolean {
    return this.paths.some((path) => javascript.test(path));
  }

  get hasPython(): boolean {
    return this.paths.some((path) => path.endsWith('.py'));
  }

  get typescript(): boolean {
    return this.has('tsconfig.json') || this.paths.some((path) => /\.[cm]?tsx?$/.test(path) && !path.endsWith('.d.ts'));
  }
}
