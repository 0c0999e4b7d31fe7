import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** An npm registry on loopback with one package, `tiny`, whose install script would leave a trace. */
export class LocalRegistry {
  private readonly folder = mkdtempSync(join(tmpdir(), 'cascade-registry-'));
  private server: Server | undefined;
  requests = 0;
  url = '';

  async start(): Promise<void> {
    const source = join(this.folder, 'package');
    mkdirSync(source);
    writeFileSync(join(source, 'package.json'), JSON.stringify({ name: 'tiny', version: '1.0.0', main: 'index.js', scripts: { postinstall: 'node -e "require(\'fs\').writeFileSync(\'SCRIPT-RAN\', \'\')"' } }));
    writeFileSync(join(source, 'index.js'), 'module.exports = 42;\n');
    execFileSync('tar', ['czf', 'tiny.tgz', 'package'], { cwd: this.folder });
    const tarball = readFileSync(join(this.folder, 'tiny.tgz'));
    const integrity = `sha512-${createHash('sha512').update(tarball).digest('base64')}`;
    this.server = createServer((request, response) => {
      this.requests += 1;
      if (request.url === '/tiny.tgz') return response.end(tarball);
      if (request.url !== '/tiny') return response.writeHead(404).end('{}');
      return response.setHeader('content-type', 'application/json').end(JSON.stringify({
        name: 'tiny', 'dist-tags': { latest: '1.0.0' },
        versions: { '1.0.0': { name: 'tiny', version: '1.0.0', hasInstallScript: true, scripts: { postinstall: 'x' }, dist: { tarball: `${this.url}/tiny.tgz`, integrity } } },
      }));
    }).listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    const address = this.server.address();
    this.url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  }

  stop(): void {
    this.server?.closeAllConnections();
    this.server?.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Puts one wheel, `tinywheel`, into a folder; it is made without building anything. Needs Python. */
export function writeWheel(folder: string): void {
  execFileSync('python3', ['-c', `
import zipfile
with zipfile.ZipFile('tinywheel-1.0-py3-none-any.whl', 'w') as z:
    z.writestr('tinywheel.py', 'ANSWER = 42\\n')
    z.writestr('tinywheel-1.0.dist-info/METADATA', 'Metadata-Version: 2.1\\nName: tinywheel\\nVersion: 1.0\\n')
    z.writestr('tinywheel-1.0.dist-info/WHEEL', 'Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n')
    z.writestr('tinywheel-1.0.dist-info/RECORD', '')`], { cwd: folder });
}
