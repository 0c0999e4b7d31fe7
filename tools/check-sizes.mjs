// A source file has at most 250 lines: one that grows past it holds more than one idea. Specs and generated code are
// exempt. (Functions are held to 40 lines by the linter.)
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const MAX_LINES = 250;
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const skipped = /(^|\/)(node_modules|dist[^/]*|baml_client|fixtures|recording|\.tsout)(\/|$)/;
const source = /\.(ts|mjs|js|lua)$/;

const files = ['apps', 'libs', 'tools', 'examples'].flatMap((top) =>
  readdirSync(path.join(root, top), { recursive: true }).map((name) => path.join(top, name)))
  .filter((file) => source.test(file) && !/\.spec\.[^.]+$|\.test\.[^.]+$/.test(file) && !skipped.test(file))
  .sort((a, b) => a.localeCompare(b));

const tooLong = files
  .map((file) => ({ file, lines: readFileSync(path.join(root, file), 'utf8').trimEnd().split('\n').length }))
  .filter(({ lines }) => lines > MAX_LINES);

for (const { file, lines } of tooLong) console.error(`${file} has ${lines} lines; the limit is ${MAX_LINES}. Move one of its ideas into a file of its own.`);
process.exitCode = tooLong.length === 0 ? 0 : 1;
