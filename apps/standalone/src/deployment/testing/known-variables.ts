import { globSync } from 'node:fs';
import { checkout, readText } from './checkout.js';

const VARIABLE = /\b(?:CASCADE|OPENAI|OTEL)_[A-Z][A-Z0-9_]*\b|\bREDIS_URL\b/g;

/** Names of variables that programs read somewhere; tests excepted. */
export const knownVariables: ReadonlySet<string> = new Set(globSync(['apps/*/src/**/*.ts', 'libs/*/src/**/*.ts'], { cwd: checkout, exclude: (name) => name.endsWith('.spec.ts') || name === 'testing' })
  .flatMap((file) => readText(file).match(VARIABLE) ?? []));

/** A variable whose value nobody but its reader may know. */
export const isSecret = (name: string): boolean => /(KEY|TOKEN|SECRETS?|PASSWORD)$/.test(name);
