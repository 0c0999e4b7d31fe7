import { terminal } from '@cascade/messages';
import { cypherBounds } from './cypher-bounds.js';

/** Texts and quoted names. Without backslashes, which are refused, they end where the engine's grammar ends them. */
const quoted = /'[^']*'|"[^"]*"|`[^`]*`/g;
const beginsQuery = /^\s*(MATCH|OPTIONAL|UNWIND|WITH|RETURN)\b/i;
/** Inside a query these read files, load code and change settings. Whatever else does begins a statement of its own kind. */
const readsFiles = /(?<!\$)\b(LOAD|CALL)\b/i;

/**
 * Lets through what can only be a query of the graph. That nothing is written is not its business: the engine has the file
 * open for reading alone. But engines take a statement for reading that writes files (`COPY … TO`), reads them (`LOAD FROM`)
 * or loads code (`LOAD EXTENSION`), and these are told by their words. The few signs that would make the words hard to tell
 * are refused: texts that need them are given as parameters. Throws CASC_CYPHER_REFUSED.
 */
export function refuseAllButQueries(text: string): void {
  if (Buffer.byteLength(text) > cypherBounds.textBytes) throw cypherRefused(`it is longer than ${cypherBounds.textBytes} bytes`);
  if (text.includes('\\')) throw cypherRefused('it has a backslash');
  const words = text.replaceAll(quoted, ' "" ');
  if (/['"`]/.test(words.replaceAll('""', ''))) throw cypherRefused('a quote is not closed');
  if (/\/\/|\/\*/.test(words)) throw cypherRefused('it has a comment');
  if (!beginsQuery.test(words)) throw cypherRefused('it does not begin with MATCH, OPTIONAL MATCH, UNWIND, WITH or RETURN');
  if (readsFiles.test(words)) throw cypherRefused('LOAD and CALL are not open to questions');
}

export const cypherRefused = (reason: string): ReturnType<typeof terminal> => terminal('CASC_CYPHER_REFUSED', `The Cypher query was refused: ${reason.slice(0, 1_000)}.`, {
  advice: 'One read-only query, without comments and backslashes; texts as parameters ($name). A name that is a keyword goes in `backticks`.',
});
