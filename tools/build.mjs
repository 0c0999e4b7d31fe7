// Transpiles one project with SWC: `node tools/build.mjs libs/x`. Types are checked once for all by `tsc -b`.
// Files that are read at run time (Lua scripts, sandbox files) are copied beside the code that reads them.
// A page for browsers (`src/dashboard`) becomes one script: tools/page.mjs.
// The new `dist` is made beside the old one and takes its place at the end: two builds at once do not disturb each other,
// and a process that starts meanwhile finds all files.
import fs from 'node:fs';
import path from 'node:path';
import { transformFile } from '@swc/core';
import { bundlePage } from './page.mjs';

const options = {
  swcrc: false,
  sourceMaps: true,
  jsc: {
    target: 'es2023',
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
    keepClassNames: true,
  },
  module: { type: 'es6' },
};

for (const project of process.argv.slice(2)) {
  const src = path.join(project, 'src');
  const dist = fs.mkdtempSync(path.join(project, 'dist-'));
  fs.chmodSync(dist, 0o755);
  const page = path.join(src, 'dashboard');
  const files = fs.readdirSync(src, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile() && !entry.parentPath.startsWith(page));
  await Promise.all(files.map(async (entry) => {
    const from = path.join(entry.parentPath, entry.name);
    const to = path.join(dist, path.relative(src, from));
    fs.mkdirSync(path.dirname(to), { recursive: true });
    if (!from.endsWith('.ts')) return fs.copyFileSync(from, to);
    if (from.endsWith('.spec.ts') || from.endsWith('.d.ts')) return;
    const out = to.replace(/ts$/, 'js');
    const result = await transformFile(from, options);
    fs.writeFileSync(out, `${result.code}\n//# sourceMappingURL=${path.basename(out)}.map\n`);
    fs.writeFileSync(`${out}.map`, result.map);
  }));
  if (fs.existsSync(page)) await bundlePage(page, path.join(dist, 'dashboard'));
  replace(path.join(project, 'dist'), dist);
}

/** Puts the folder `made` at the place of `target`. Another build may do the same at the same moment: then once more. */
function replace(target, made) {
  const old = `${made}-old`;
  for (let attempt = 1; ; attempt += 1) {
    fs.rmSync(old, { recursive: true, force: true });
    try {
      if (fs.existsSync(target)) fs.renameSync(target, old);
      fs.renameSync(made, target);
      return fs.rmSync(old, { recursive: true, force: true });
    } catch (error) {
      if (attempt === 20 || !['ENOENT', 'ENOTEMPTY', 'EEXIST'].includes(error.code)) throw error;
    }
  }
}
