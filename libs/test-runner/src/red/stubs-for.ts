import type { ProgramInterface, TestPlan } from '@cascade/contracts';
import { javascriptStub } from './stub-javascript.js';
import { stubKinds, type StubKind } from './stub-kinds.js';
import { pythonStub } from './stub-python.js';

export interface Stub {
  readonly label: string;
  /** Whole texts of the files that differ from what exists. */
  readonly files: Readonly<Record<string, string>>;
}

function stubText(plan: TestPlan, path: string, existing: string | undefined, items: readonly ProgramInterface[], kind: StubKind): string | undefined {
  if (path.endsWith('.py')) return pythonStub(existing, items, kind);
  const extension = /\.([cm]?)([jt])sx?$/.exec(path);
  if (extension === null || path.endsWith('.d.ts')) return undefined;
  const esm = extension[1] === 'm' || (extension[1] === '' && (plan.moduleSystem === 'esm' || /^\s*(?:export|import)\s/m.test(existing ?? '')));
  return javascriptStub(existing, items, kind, { esm, typescript: extension[2] === 't' });
}

/**
 * Wrong implementations of interfaces, just enough for test files to load: one set of files for each way to be wrong.
 * Names that a file exports already are left alone, so that existing behaviour is not destroyed; when nothing is missing at
 * all, there is one stub, the code as it is. Files in languages that it does not know are left out.
 */
export function stubsFor(plan: TestPlan, interfaces: readonly ProgramInterface[], existing: (path: string) => string | undefined): Stub[] {
  const paths = [...new Set(interfaces.map(({ path }) => path))].sort();
  const stubs = stubKinds.map((kind): Stub => {
    const files = paths.flatMap((path) => {
      const before = existing(path);
      const text = stubText(plan, path, before, interfaces.filter((item) => item.path === path), kind);
      return text === undefined || text === before ? [] : [[path, text] as const];
    });
    return { label: kind, files: Object.fromEntries(files) };
  });
  return stubs.every(({ files }) => Object.keys(files).length === 0) ? [{ label: 'the code as it is', files: {} }] : stubs;
}
