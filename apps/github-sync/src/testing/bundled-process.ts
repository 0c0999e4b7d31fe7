import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, stop } from 'esbuild';

const program = fileURLToPath(new URL('../../dist/testing/sync-process.js', import.meta.url));
const bundle = fileURLToPath(new URL('../../dist/testing/sync-process.bundle.mjs', import.meta.url));

/** What Nest would load if somebody asked for it, and what is no JavaScript. */
const external = ['@boundaryml/baml', 'esbuild', '@nestjs/websockets', '@nestjs/websockets/*', '@nestjs/platform-express', 'class-validator', 'class-transformer', '@grpc/*', 'amqp*', 'kafkajs', 'mqtt', 'nats', '@nats-io/*'];

let bundled: Promise<string> | undefined;

/**
 * The built `sync-process` in one file: of 1,300 files Node makes a process in more than a second, of one in a third of
 * it, and these tests need hundreds. Files keep their own URLs, for what lies beside them.
 */
export function bundledProcess(): Promise<string> {
  return bundled ??= makeBundle();
}

async function makeBundle(): Promise<string> {
  await build({
    entryPoints: [program], outfile: bundle, bundle: true, platform: 'node', format: 'esm', external, logLevel: 'error',
    banner: { js: `import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(${JSON.stringify(program)});` },
    plugins: [{
      name: 'own-urls',
      setup(steps) {
        steps.onLoad({ filter: /[/\\](?:apps|libs)[/\\].*\.js$/ }, async ({ path }) => ({ loader: 'js', contents: (await readFile(path, 'utf8')).replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href)) }));
      },
    }],
  });
  await stop();
  return bundle;
}

/** Node keeps there what it has compiled. */
export const compileCache = join(bundle, '../compiled');
