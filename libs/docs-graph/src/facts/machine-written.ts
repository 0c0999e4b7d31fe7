import { factBounds } from './bounds.js';
import type { SkipReason } from './file-facts.js';

const HEAD_CHARACTERS = 2_000;
const MINIFIED_FROM_CHARACTERS = 2_000;
const MINIFIED_MEAN_LINE = 250;

const generatedName = /(?:\.pb\.go|_pb2(?:_grpc)?\.pyi?|\.min\.[cm]?js|\.bundle\.js)$/;
/** Comment marks before the words, because code that looks for such headers contains them too. */
const comment = String.raw`^[ \t]*(?:\/\/|\/?\*+|#|<!--)[^\n]*`;
const generatedHeader = [
  // https://go.dev/s/generatedcode
  /^\/\/ Code generated .* DO NOT EDIT\.$/m,
  new RegExp(`${comment}@generated\\b`, 'm'),
  new RegExp(`${comment}\\b(?:auto-?)?generated (?:by|from|file)\\b[^]{0,200}do not (?:edit|modify)`, 'im'),
  new RegExp(`${comment}\\bdo not (?:edit|modify)\\b[^]{0,200}\\bgenerated\\b`, 'im'),
];

/**
 * Why this text is not a person's, or undefined. Such files have thousands of functions that nobody looks for, and hide
 * the ones that people wrote.
 */
export function machineWritten(path: string, text: string): SkipReason | undefined {
  const head = text.slice(0, HEAD_CHARACTERS);
  if (generatedName.test(path) || generatedHeader.some((pattern) => pattern.test(head))) return /\.min\./.test(path) ? 'minified' : 'generated';
  if (text.length >= MINIFIED_FROM_CHARACTERS && text.length > MINIFIED_MEAN_LINE * (text.split('\n').length)) return 'minified';
  return nestsTooDeep(text) ? 'too-deep' : undefined;
}

const endsAngles = new Set(Buffer.from(';:={})>'));

/** Brackets in strings and comments count too: what is asked is only whether a parser could be led astray. */
function nestsTooDeep(text: string): boolean {
  let depth = 0;
  let indentation = 0;
  let angles = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x0a) indentation = 0;
    else if (indentation >= 0) indentation = code === 0x20 || code === 0x09 ? indentation + 1 : -1;
    if (code === 0x28 || code === 0x5b || code === 0x7b) depth += 1;
    else if ((code === 0x29 || code === 0x5d || code === 0x7d) && depth > 0) depth -= 1;
    if (code === 0x3c) angles += 1;
    else if (endsAngles.has(code)) angles = 0;
    if (depth > factBounds.nesting || indentation > factBounds.nesting || angles > factBounds.angles) return true;
  }
  return false;
}
