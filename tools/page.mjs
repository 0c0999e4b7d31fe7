import fs from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';

/** Bundles the page in `source` (main.tsx, style.css, index.html, icon.svg) into `target`, as browsers take it. */
export async function bundlePage(source, target) {
  await build({
    entryPoints: { 'app': path.join(source, 'main.tsx'), 'style': path.join(source, 'style.css') }, outdir: target,
    bundle: true, minify: true, format: 'esm', target: ['es2023'], jsx: 'automatic', jsxImportSource: 'preact', legalComments: 'none', charset: 'utf8', logLevel: 'warning',
    // It has the rules for modules, but none for a page.
    tsconfigRaw: {},
  });
  fs.renameSync(path.join(target, 'style.css'), path.join(target, 'app.css'));
  for (const name of ['index.html', 'icon.svg']) fs.copyFileSync(path.join(source, name), path.join(target, name));
}
