import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openSandbox } from './open-sandbox.js';

describe('openSandbox', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'cascade-open-'));
    chmodSync(folder, 0o755);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('gives a sandbox that has proved itself and says how it holds', async () => {
    const sandbox = await openSandbox();
    expect(sandbox.description.ownUser).toBe(process.getuid?.() === 0);
    const cwd = join(folder, 'workspace');
    mkdirSync(cwd);
    const result = await sandbox.run(['node', '-p', 'process.version'], { cwd, timeoutMs: 120_000 });
    expect(result).toMatchObject({ exitCode: 0, killedBy: null, stdout: `${process.version}\n`, stderr: '' });
  });

  it('refuses a bubblewrap that is not there, with what to do', async () => {
    await expect(openSandbox({ bwrapPath: join(folder, 'missing') })).rejects.toMatchObject({
      kind: 'terminal', code: 'CASC_SANDBOX_UNAVAILABLE', message: expect.stringContaining('nothing model-written runs'), advice: expect.stringContaining('CASCADE_BWRAP'),
    });
  });

  it('refuses a bubblewrap that cannot make namespaces', async () => {
    const broken = join(folder, 'bwrap');
    writeFileSync(broken, '#!/bin/sh\necho "bwrap: No permissions to create new namespace" >&2\nexit 1\n', { mode: 0o755 });
    await expect(openSandbox({ bwrapPath: broken })).rejects.toMatchObject({ code: 'CASC_SANDBOX_UNAVAILABLE', message: expect.stringContaining('No permissions to create new namespace') });
  });

  it('refuses a bubblewrap that runs the command but isolates nothing', async () => {
    const lying = join(folder, 'bwrap');
    const node = join(folder, 'node'); // the sandbox's user may not get into the folder of ours, e.g. below /root
    copyFileSync(process.execPath, node);
    writeFileSync(lying, `#!/bin/sh
cwd=; status=
while [ "$1" != "--" ]; do
  [ "$1" = "--bind" ] && [ "$3" = "/workspace" ] && cwd=$2
  [ "$1" = "--json-status-fd" ] && status=1
  shift
done
shift; shift
[ -n "$cwd" ] && cd "$cwd"
[ -n "$status" ] && { echo '{ "child-pid": '$$' }' >&4; }
${JSON.stringify(node)} "$@"
code=$?
[ -n "$status" ] && echo '{ "exit-code": 0 }' >&4
exit $code
`, { mode: 0o755 });
    await expect(openSandbox({ bwrapPath: lying, controlGroups: false })).rejects.toMatchObject({ code: 'CASC_SANDBOX_UNAVAILABLE', message: expect.stringMatching(/does not hold: .*file.*network/) });
  });
});
