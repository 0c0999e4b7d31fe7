import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { FileStore } from '@cascade/streams';
import { HostConfig } from './host-config.js';

/** Long enough for whoever asked to read it; it can be asked for again. */
const RETENTION_MS = 3_600_000;
const MAX_BYTES = 4 * 1024 ** 3;

/** What one service hands to another beside its reply, because it is too large for Redis: a folder of their shared store, soon emptied. */
@Injectable()
export class ExportStore extends FileStore {
  constructor(config: HostConfig) {
    super({ folder: join(config.storeFolder, 'exports'), retentionMs: RETENTION_MS, maxBytes: MAX_BYTES });
  }
}
