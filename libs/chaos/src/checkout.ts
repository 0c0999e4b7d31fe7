import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of this checkout, whose services are run as they were built. */
export const checkout = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');
