import type { Language } from './language.js';
import { go } from './languages/go.js';
import { java } from './languages/java.js';
import { javascript } from './languages/javascript.js';
import { python } from './languages/python.js';
import { rust } from './languages/rust.js';
import { tsx, typescript } from './languages/typescript.js';

export const languages: readonly Language[] = [typescript, tsx, javascript, python, go, rust, java];

const byExtension = new Map(languages.flatMap((language) => language.extensions.map((extension) => [extension, language] as const)));
const documents = new Set(['.md', '.markdown']);

const extensionOf = (path: string): string => /\.[^./]+$/.exec(path)?.[0].toLowerCase() ?? '';

export const languageOf = (path: string): Language | undefined => byExtension.get(extensionOf(path));
export const isDocument = (path: string): boolean => documents.has(extensionOf(path));
