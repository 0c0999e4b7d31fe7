import type { DocsSymbol } from '@cascade/contracts';

/** Symbols as lines of a prompt: where each stands, its signature, and the first sentence about it. */
export const symbolLines = (symbols: readonly Pick<DocsSymbol, 'source' | 'signature' | 'summary'>[]): string =>
  symbols.map(({ source, signature, summary }) => `- ${source} ${signature}${summary === '' ? '' : `: ${summary}`}`).join('\n');
