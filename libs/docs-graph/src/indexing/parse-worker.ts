import { parentPort } from 'node:worker_threads';
import { SourceReader } from '../facts/source-reader.js';
import type { ParseAnswer, ParseOrder } from './parse-thread.js';

/** One thread of the ParsePool. What takes the parser down takes the thread down, and the pool starts another. */
const reader = await SourceReader.open();
const say = (answer: ParseAnswer): void => parentPort?.postMessage(answer);
// As text and not as an object: cheaper to hand over, and what the cache keeps.
parentPort?.on('message', ({ path, bytes }: ParseOrder) => say({ json: JSON.stringify(reader.read(path, bytes)) }));
say('ready');
