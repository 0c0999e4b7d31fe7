import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { quietly, root, run, say, SetupError } from './commands.mjs';

const pinnedNode = path.join(root, 'node_modules', '.bin', 'node');
const readJson = (file) => JSON.parse(readFileSync(path.join(root, file), 'utf8'));

/** Installs the packages of package-lock.json unless they are there already. */
export async function install() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 11)) throw new SetupError(`Cascade's set-up needs Node 20.11 or later; this is ${process.version}. Newer ones: https://nodejs.org`, 2);
  if (isInstalled()) return;
  say('Installing packages (only when package-lock.json changed; takes about a minute) …');
  const npm = process.env.npm_execpath === undefined ? ['npm'] : [process.execPath, process.env.npm_execpath];
  await quietly([...npm, 'ci', '--no-audit', '--no-fund', '--loglevel=error'], 'npm ci failed; its output is above. Check the network and the registry (npm config get registry), then run this command again.');
  pruneEngine();
}

/** Kuzu's package brings its sources (420 MB) and the addons of five platforms; one addon is used. */
function pruneEngine() {
  const folder = path.join(root, 'node_modules/kuzu');
  const addons = path.join(folder, 'prebuilt');
  const unused = readdirSync(addons).filter((name) => name !== `kuzujs-${process.platform}-${process.arch}.node`).map((name) => path.join(addons, name));
  for (const place of [path.join(folder, 'kuzu-source'), ...unused]) rmSync(place, { recursive: true, force: true });
}

/** npm records in node_modules what it installed, when it has finished: compared with the lock file, package by package. */
function isInstalled() {
  if (!existsSync(pinnedNode) || !existsSync(path.join(root, 'node_modules/.package-lock.json'))) return false;
  const [wanted, present] = [readJson('package-lock.json').packages, readJson('node_modules/.package-lock.json').packages];
  return Object.entries(wanted).every(([name, { version, optional, link }]) => {
    if (!name.startsWith('node_modules/')) return true;
    const there = present[name];
    return there === undefined ? optional === true : link === true || there.version === version;
  });
}

/** Runs this same command on the pinned Node when this is another one. Gives true when that was done. */
export async function continueOnPinnedNode() {
  if (process.versions.node === readJson('package.json').devDependencies.node) return false;
  const { code } = await run([pinnedNode, ...process.argv.slice(1)], { inherit: true });
  process.exitCode = code;
  return true;
}
