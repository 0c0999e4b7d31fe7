import { publishFiles } from '@cascade/sandbox';

/** Where our own reporters are, inside the sandbox; and where reports are written. */
export const toolsMount = '/opt/cascade/tools';
export const reportMount = '/opt/cascade/report';

/**
 * A reporter for `node --test`, one JSON line for each test. The built-in junit and tap reporters lose the kind of an error
 * or its code; this one keeps what tells an assertion from any other exception.
 */
const nodeReporter = `
import { isAbsolute, relative } from 'node:path';
const MESSAGE = 8000;
const cut = (text) => String(text ?? '').slice(0, MESSAGE);
const short = (file) => (typeof file === 'string' && isAbsolute(file) ? relative('/workspace', file) : file);
const show = (error) => error instanceof Error || (error !== null && typeof error === 'object')
  ? { name: cut(error.name), code: cut(error.code), message: cut(error.message), stack: cut(error.stack) }
  : { name: '', code: '', message: cut(error), stack: '' };
export default async function* report(source) {
  const names = [];
  for await (const { type, data } of source) {
    if (type === 'test:start') { names.length = data.nesting; names[data.nesting] = cut(data.name); }
    if (type === 'test:stderr') yield JSON.stringify({ event: 'stderr', file: short(data.file), text: cut(data.message) }) + '\\n';
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    const path = [...names.slice(0, data.nesting), cut(data.name)];
    const failure = data.details?.error;
    yield JSON.stringify({
      event: 'test', file: short(data.file), path, suite: data.details?.type === 'suite', passed: type === 'test:pass',
      skipped: data.skip !== undefined || data.todo !== undefined,
      ...(failure === undefined ? {} : { failureType: cut(failure.failureType), error: show(failure.cause ?? failure) }),
    }) + '\\n';
  }
}
`;

/** Runs unittest over given files and writes one JSON line for each test; a file that cannot be loaded is a line of its own. */
const unittestRunner = `
import importlib, importlib.util, json, os, sys, traceback, unittest

MESSAGE = 8000
report = open(sys.argv[1], 'w', encoding='utf-8')

def write(**line):
    report.write(json.dumps(line) + '\\n')
    report.flush()

def kind(err):
    return 'assertion' if issubclass(err[0], AssertionError) else 'error'

def text(err):
    said = ''.join(traceback.format_exception_only(err[0], err[1]))[:MESSAGE]
    if kind(err) == 'assertion':
        return said
    own = [frame for frame in traceback.extract_tb(err[2]) if os.path.abspath(frame.filename).startswith('/workspace/')]
    return said + ''.join('  at %s (%s:%d)\\n' % (frame.name, frame.filename, frame.lineno) for frame in reversed(own[-4:]))

class Result(unittest.TestResult):
    def __init__(self, file):
        super().__init__()
        self.file = file
        self.failed = set()

    def name(self, test):
        parts = test.id().split('.')
        return ' > '.join(parts[-2:]) if len(parts) > 1 else test.id()

    def line(self, test, status, failure=None):
        if isinstance(test, unittest.loader._FailedTest):
            write(event='load', file=self.file, message=failure['message'] if failure else 'cannot be loaded')
        elif type(test).__name__ == '_ErrorHolder':
            write(event='load', file=self.file, message=failure['message'] if failure else test.id())
        else:
            write(event='test', file=self.file, name=self.name(test), status=status, **({'failure': failure} if failure else {}))

    def addSuccess(self, test):
        if test.id() not in self.failed: self.line(test, 'passed')
    def addFailure(self, test, err):
        super().addFailure(test, err)
        self.line(test, 'failed', {'kind': kind(err), 'message': text(err)})
    def addError(self, test, err):
        super().addError(test, err)
        self.line(test, 'failed', {'kind': kind(err), 'message': text(err)})
    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err is not None and test.id() not in self.failed:
            self.failed.add(test.id())
            self.line(test, 'failed', {'kind': kind(err), 'message': subtest._subDescription() + ': ' + text(err)})
    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self.line(test, 'skipped')
    def addExpectedFailure(self, test, err):
        super().addExpectedFailure(test, err)
        self.line(test, 'skipped')
    def addUnexpectedSuccess(self, test):
        super().addUnexpectedSuccess(test)
        self.line(test, 'failed', {'kind': 'assertion', 'message': 'unexpected success'})

def load(file):
    folder, base = os.path.split(file)
    package = folder and all(os.path.exists(os.path.join(*folder.split('/')[:i + 1], '__init__.py')) for i in range(len(folder.split('/'))))
    if package:
        return importlib.import_module(file[:-3].replace('/', '.'))
    sys.path.insert(0, os.path.join(os.getcwd(), folder))
    spec = importlib.util.spec_from_file_location(file[:-3].replace('/', '.'), file)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module

ok = True
for file in sys.argv[2:]:
    try:
        suite = unittest.defaultTestLoader.loadTestsFromModule(load(file))
    except BaseException as error:
        ok = False
        write(event='load', file=file, message=''.join(traceback.format_exception_only(type(error), error))[:MESSAGE])
        continue
    result = Result(file)
    suite.run(result)
    ok = ok and result.wasSuccessful()
write(event='end')
sys.exit(0 if ok else 1)
`;

/** The folder, on the host, with the reporters; content-addressed, so written once. */
export function insideTools(): string {
  return publishFiles('test-tools', { 'node-reporter.mjs': nodeReporter, 'unittest-runner.py': unittestRunner });
}
