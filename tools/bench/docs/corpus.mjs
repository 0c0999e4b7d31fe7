// The public packages that the benchmark reads, each at one version, by the ordinary client of its registry. Nothing of
// them runs: npm packs, pip takes wheels (archives of sources), Go, Cargo and Maven download.
import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const CLIENT_TIMEOUT_MS = 180_000;
const packages = JSON.parse(readFileSync(new URL('corpus.json', import.meta.url), 'utf8'));

/**
 * Each package's folder below `cache`, fetched if it is not there yet, and those that cannot be had, with the reason.
 * A package is whole or absent: it is put together beside its place.
 */
export async function fetchCorpus(cache, progress) {
  const present = [];
  /** @type {{ package: string, version: string, from: string, reason: string }[]} */
  const missing = [];
  const tree = path.join(cache, 'corpus');
  mkdirSync(tree, { recursive: true });
  for (const one of packages) {
    const folder = path.join(tree, one.name);
    try {
      if (!existsSync(marker(cache, one))) {
        progress(`fetching ${one.package} ${one.version} (${one.from})`);
        await fetchOne(cache, folder, one);
      }
      present.push({ ...one, folder });
    } catch (error) {
      missing.push({ ...one, reason: String(error.stderr || error.message).trim().split('\n').at(-1).slice(0, 160) });
    }
  }
  removeStrangers(tree, present);
  return { tree, present, missing };
}

const marker = (cache, { name, version, keep }) => path.join(cache, 'fetched', `${name} ${version} ${keep.join(',').replaceAll('/', '_')}`);

/** What another version of the list left behind would be measured too. */
function removeStrangers(tree, present) {
  const known = new Set(present.map(({ name }) => name));
  for (const name of readdirSync(tree)) if (!known.has(name)) rmSync(path.join(tree, name), { recursive: true });
}

async function fetchOne(cache, folder, one) {
  const temporary = mkdtempSync(path.join(cache, 'fetch-'));
  try {
    const source = await clients[one.from](temporary, one);
    const kept = path.join(temporary, 'kept');
    for (const part of one.keep) cpSync(path.join(source, part), path.join(kept, part), { recursive: true, verbatimSymlinks: true });
    rmSync(folder, { recursive: true, force: true });
    renameSync(kept, folder);
    mkdirSync(path.join(cache, 'fetched'), { recursive: true });
    writeFileSync(marker(cache, one), '');
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

const client = (cwd, env, program, ...args) => run(program, args, { cwd, env: { ...process.env, ...env }, timeout: CLIENT_TIMEOUT_MS, maxBuffer: 1 << 26 });

/** Each gives the folder with the package's files, below the temporary one. */
const clients = {
  async npm(temporary, { package: name, version }) {
    const { stdout } = await client(temporary, {}, 'npm', 'pack', '--silent', '--ignore-scripts', `${name}@${version}`);
    await client(temporary, {}, 'tar', 'xzf', stdout.trim().split('\n').at(-1));
    return path.join(temporary, 'package');
  },
  async pip(temporary, { package: name, version }) {
    await client(temporary, {}, 'python3', '-m', 'pip', 'download', '--quiet', '--no-deps', '--only-binary', ':all:', `${name}==${version}`);
    return unzipped(temporary, '.whl');
  },
  async go(temporary, { package: name, version }) {
    const env = { GOMODCACHE: path.join(temporary, 'modules'), GOFLAGS: '-modcacherw' };
    return JSON.parse((await client(temporary, env, 'go', 'mod', 'download', '-json', `${name}@${version}`)).stdout).Dir;
  },
  async cargo(temporary, { package: name, version }) {
    writeFileSync(path.join(temporary, 'Cargo.toml'), `[package]\nname = "corpus"\nversion = "0.0.0"\nedition = "2021"\n[lib]\npath = "lib.rs"\n[dependencies]\n${name} = "=${version}"\n`);
    writeFileSync(path.join(temporary, 'lib.rs'), '');
    await client(temporary, { CARGO_HOME: path.join(temporary, 'home') }, 'cargo', 'fetch', '--quiet');
    const registries = path.join(temporary, 'home/registry/src');
    return path.join(registries, readdirSync(registries)[0], `${name}-${version}`);
  },
  async maven(temporary, { package: name, version }) {
    await client(temporary, {}, 'mvn', '-q', '-B', 'dependency:copy', `-Dartifact=${name}:${version}:jar:sources`, `-DoutputDirectory=${temporary}`);
    return unzipped(temporary, '.jar');
  },
};

async function unzipped(temporary, extension) {
  const archive = readdirSync(temporary).find((name) => name.endsWith(extension));
  await client(temporary, {}, 'python3', '-m', 'zipfile', '-e', archive, 'archive');
  return path.join(temporary, 'archive');
}
