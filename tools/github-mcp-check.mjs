// Tries the tracker over GitHub's official MCP server: builds it with Go into .cache and runs the conformance suite
// through it, at the fake GitHub. Where Go is missing or too old, one line says so and nothing is run.
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

const VERSION = 'v1.9.0';
/** What its go.mod asks for. */
const GO = [1, 25, 12];
const root = path.resolve(import.meta.dirname, '..');
const folder = path.join(root, '.cache/github-mcp-server', VERSION);
const program = path.join(folder, 'github-mcp-server');

function hasGo() {
  const said = spawnSync('go', ['env', 'GOVERSION'], { encoding: 'utf8' }).stdout ?? '';
  const found = /^go(\d+)\.(\d+)(?:\.(\d+))?/.exec(said)?.slice(1).map((part) => Number(part ?? 0));
  if (found === undefined) return false;
  const differs = GO.findIndex((part, index) => part !== found[index]);
  return differs === -1 || found[differs] > GO[differs];
}

if (!fs.existsSync(program) && !hasGo()) {
  console.log(`Not run: building github-mcp-server ${VERSION} needs Go ${GO.join('.')} or newer.`);
  process.exit();
}
if (!fs.existsSync(program)) {
  // In a module of its own: `go install …@version` would also ask for the list of versions, which not every proxy has.
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, 'go.mod'), `module check\n\ngo ${GO.join('.')}\n\nrequire github.com/github/github-mcp-server ${VERSION}\n`);
  console.log(`Building github-mcp-server ${VERSION}; this takes minutes.`);
  execFileSync('go', ['build', '-mod=mod', '-o', program, 'github.com/github/github-mcp-server/cmd/github-mcp-server'], { cwd: folder, stdio: 'inherit' });
}
const jest = ['--experimental-vm-modules', '--no-warnings', path.join(root, 'node_modules/jest/bin/jest.js'), '--testMatch', '**/official-server.check.ts'];
const { status } = spawnSync(process.execPath, jest, { cwd: path.join(root, 'libs/github'), stdio: 'inherit', env: { ...process.env, GITHUB_MCP_SERVER: program } });
process.exitCode = status ?? 1;
