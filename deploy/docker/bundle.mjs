// Makes what one service's image holds: `node deploy/docker/bundle.mjs <service> <folder> [home]`, after `npm run build`.
// Of our code and of npm's packages only what the service reaches becomes files. Those lie as in the checkout: code that looks
// for a file beside itself finds it. Addons and WebAssembly cannot be bundled and are carried as they are. The command line goes
// along, without the services that `up` would start: `docker compose exec <service> cascade …`.
import fs from 'node:fs';
import { isBuiltin } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const platform = `${process.platform}-${process.arch}`;
const EXTERNAL = ['@boundaryml/*', '@ladybugdb/*', 'kuzu', 'web-tree-sitter', 'tree-sitter-*'];

/** What a file of ours needs that no import tells: programs that it starts (from there), and files of packages. */
const NEEDS = {
  'libs/llm/dist/baml_client/globals.js': { packages: [`@boundaryml/baml-${platform}-gnu/*`] },
  'libs/docs-graph/dist/facts/grammars.js': { packages: ['web-tree-sitter/web-tree-sitter.wasm', 'tree-sitter-*/*.wasm'] },
  'libs/docs-graph/dist/store/engine-process.js': { programs: ['./engine-worker.js'] },
  'libs/docs-graph/dist/store/native-engine.js': { packages: [`kuzu/prebuilt/kuzujs-${platform}.node`, `@ladybugdb/core-${platform}/*`] },
  'libs/docs-graph/dist/indexing/parse-thread.js': { programs: ['./parse-worker.js'] },
  'libs/local-runtime/dist/cache-directory.js': {}, // looks for a checkout, and there is none
};

/** `home`: where it will lie. */
const [service = '', folder = '', home = '/cascade'] = process.argv.slice(2);
if (folder === '' || !fs.existsSync(`apps/${service}/dist/main.js`)) throw new Error('node deploy/docker/bundle.mjs <service> <folder> [home], for a service of apps/ that was built');
/** Nest expects it before anything else; a bundle would evaluate it after the modules that it is imported beside. */
const FIRST = 'node_modules/reflect-metadata/Reflect.js';
const programs = { 'main.js': `apps/${service}/dist/main.js`, 'cascade.js': 'apps/cli/dist/main.js' };
const { files, packages } = await bundle([FIRST, ...Object.values(programs)]);
for (const [name, program] of Object.entries(programs)) fs.writeFileSync(path.join(folder, name), `import './${FIRST}';\nimport './${program}';\n`);
for (const file of files.flatMap(filesBeside)) fs.cpSync(file, path.join(folder, file), { recursive: true });
for (const name of [...packages, ...files.flatMap((file) => NEEDS[file]?.packages ?? [])]) carry(name);
fs.writeFileSync(path.join(folder, 'package.json'), '{ "private": true, "type": "module" }\n');

/** Programs that the code starts are bundled too, in another round. Gives our files, and the packages left outside. */
async function bundle(entryPoints) {
  const { metafile } = await build({
    entryPoints, outdir: folder, outbase: '.', bundle: true, splitting: true, chunkNames: 'shared/[name]-[hash]', metafile: true,
    platform: 'node', target: 'node24', format: 'esm', keepNames: true, legalComments: 'none', logLevel: 'error',
    banner: { js: "import { createRequire as createRequire_ } from 'node:module'; const require = createRequire_(import.meta.url);" }, // of bundled CommonJS
    external: [...EXTERNAL, '@cascade/standalone'],
    plugins: [{ name: 'places', setup: (esbuild) => {
      esbuild.onLoad({ filter: /\/(apps|libs)\/[^/]+\/dist\/.*\.js$/ }, placed);
      esbuild.onResolve({ filter: /^@?[a-z]/ }, leftOut);
    } }],
  });
  const outputs = Object.values(metafile.outputs);
  const reached = outputs.flatMap(({ inputs }) => Object.entries(inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([file]) => file));
  const programs = reached.flatMap((file) => (NEEDS[file]?.programs ?? []).map((program) => path.join(path.dirname(file), program))).filter((program) => !entryPoints.includes(program));
  if (programs.length > 0) return bundle([...entryPoints, ...programs]);
  const outside = outputs.flatMap(({ imports }) => imports.filter(({ external, path: name }) => external && !isBuiltin(name) && !name.startsWith('@cascade/')).map(({ path: name }) => name));
  return { files: reached.filter((file) => /^(apps|libs)\//.test(file)), packages: outside.map(packageOf).filter((name) => fs.existsSync(`node_modules/${name}`)).map((name) => `${name}/*.{js,json}`) };
}

/** A file of ours learns where it would lie: the bundle that it becomes a part of lies elsewhere. */
function placed({ path: file }) {
  const text = fs.readFileSync(file, 'utf8');
  const name = path.relative('.', file);
  if (!text.includes('import.meta')) return undefined;
  return { contents: text.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path.join(home, name)).href)) };
}

/** Nest asks for packages at the moment of their use, of which most are not installed. */
function leftOut({ path: name, kind }) {
  return kind === 'dynamic-import' && !fs.existsSync(`node_modules/${packageOf(name)}`) ? { external: true } : undefined;
}

/** What a file reads from beside itself, by the way that this is written here. Throws for any other use of its own address. */
function filesBeside(file) {
  const code = fs.readFileSync(file, 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
  const beside = [...code.matchAll(/new URL\(\s*['"](\.[^'"]+)['"],\s*import\.meta\.url\s*\)/g)].map(([, name]) => path.join(path.dirname(file), name));
  if (NEEDS[file] === undefined && code.split('import.meta').length - 1 !== beside.length) throw new Error(`${file} uses import.meta in a way of its own: say in NEEDS what it needs beside itself.`);
  return beside.filter((name) => fs.existsSync(name) && !name.includes('/testing/'));
}

function packageOf(name) {
  return name.split('/', name.startsWith('@') ? 2 : 1).join('/');
}

/** `files`: a pattern below node_modules. */
function carry(files) {
  for (const file of fs.globSync(`node_modules/${files}`)) fs.cpSync(file, path.join(folder, file), { recursive: true });
  const owner = `node_modules/${packageOf(files)}/package.json`;
  for (const file of fs.globSync(owner)) fs.cpSync(file, path.join(folder, file));
}
