import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';

export const checkout = resolve(import.meta.dirname, '../../../../..');

export const readText = (file: string): string => readFileSync(join(checkout, file), 'utf8');

export const readYaml = <T>(file: string): T => parse(readText(file), { merge: true }) as T;

/** Every app that runs as a process of its own: one container, one image, one workload each. */
export const deployedServices: readonly string[] = readdirSync(join(checkout, 'apps'))
  .filter((app) => app !== 'cli' && app !== 'standalone' && existsSync(join(checkout, 'apps', app, 'src/main.ts'))).sort((a, b) => a.localeCompare(b));

/** The services whose images hold what a sandbox needs. */
export const sandboxing: readonly string[] = ['agent-30-execution', 'git-worker'];
