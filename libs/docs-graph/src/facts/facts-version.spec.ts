import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';
import { factsVersion } from './facts-version.js';
import { languages } from './languages.js';

const require = createRequire(import.meta.url);

it('changes whenever the code or a grammar changes by which facts are made', () => {
  const folder = fileURLToPath(new URL('.', import.meta.url));
  const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts') && !/\.spec\.ts$|^testing\/|^facts-version\.ts$/.test(name)).sort();
  const grammars = ['web-tree-sitter', ...new Set(languages.map(({ grammar }) => grammar.replace(/\/.*$/, '')))].map((name) => join(require.resolve(languages[0]?.grammar ?? ''), '../..', name, 'package.json'));
  const hash = createHash('sha256');
  for (const name of sources) hash.update(`${name}\n`).update(readFileSync(join(folder, name)));
  for (const manifest of grammars) hash.update(`${/"version": *"[^"]+"/.exec(readFileSync(manifest, 'utf8'))?.[0]}\n`);
  expect(factsVersion).toBe(hash.digest('hex').slice(0, 12));
});
