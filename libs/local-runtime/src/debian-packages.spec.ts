import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { unpackDebianProgram } from './debian-packages.js';

/** Stand-ins for apt-get and dpkg: the real archive is not reachable from every machine that runs tests. */
const aptGet = `#!/bin/sh
case "$*" in
  *--simulate*) echo "Inst libhello (1.0 Debian)"; echo "Inst hello (1.0 Debian)"; echo "Conf hello";;
  *download*) for last in "$@"; do :; done; echo x > "$last.deb"; [ ! -e "$FAIL" ];;
esac`;
const dpkg = `#!/bin/sh
mkdir -p "$3/usr/bin" && printf '#!/bin/sh\\n' > "$3/usr/bin/hello" && chmod 755 "$3/usr/bin/hello"`;

describe('unpackDebianProgram', () => {
  let folder: string;
  const request = { name: 'hello', packages: ['hello'], program: 'usr/bin/hello' };
  const cache = (): string => path.join(folder, 'cache');
  const env = (): Record<string, string> => ({ PATH: `${path.join(folder, 'bin')}:/usr/bin:/bin`, FAIL: path.join(folder, 'fail') });
  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'cascade-test-packages-'));
    mkdirSync(path.join(folder, 'bin'));
    for (const [name, text] of [['apt-get', aptGet], ['dpkg', dpkg]] as const) {
      writeFileSync(path.join(folder, 'bin', name), text);
      chmodSync(path.join(folder, 'bin', name), 0o755);
    }
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('unpacks into the cache once, also when two processes ask', async () => {
    const both = await Promise.all([unpackDebianProgram(request, cache(), env()), unpackDebianProgram(request, cache(), env())]);
    const command = path.join(cache(), 'hello', 'usr/bin/hello');
    expect(both.map((program) => program?.command)).toEqual([command, command]);
    rmSync(path.join(folder, 'bin'), { recursive: true });
    expect((await unpackDebianProgram(request, cache(), env()))?.command).toBe(command);
    expect(readdirSync(cache()).filter((name) => name !== 'apt-lists')).toEqual(['hello']);
  });

  it('leaves nothing half done behind a broken download', async () => {
    writeFileSync(path.join(folder, 'fail'), '');
    expect(await unpackDebianProgram(request, cache(), env())).toBeUndefined();
    expect(existsSync(path.join(cache(), 'hello'))).toBe(false);
    rmSync(path.join(folder, 'fail'));
    expect(await unpackDebianProgram(request, cache(), env())).toBeDefined();
  });

  it('does not try on a system without apt', async () => {
    expect(await unpackDebianProgram(request, cache(), { PATH: path.join(folder, 'empty') })).toBeUndefined();
    expect(existsSync(cache())).toBe(false);
  });
});
