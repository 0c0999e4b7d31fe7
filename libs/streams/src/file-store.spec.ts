import { createHash } from 'node:crypto';
import { readdirSync, writeFileSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { removeTemporaryFolders, temporaryFolder } from '@cascade/testing';
import fc from 'fast-check';
import { FileStore, MAX_STORED_BYTES } from './file-store.js';

const sha256 = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');

describe('FileStore', () => {
  let folder: string;
  let store: FileStore;
  const files = (): string[] => readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  const age = (days: number): void => { for (const file of files()) utimesSync(file, new Date(), new Date(Date.now() - days * 86_400_000)); };

  beforeEach(() => {
    folder = path.join(temporaryFolder('store'), 'made', 'by', 'it');
    store = new FileStore({ folder });
  });
  afterAll(removeTemporaryFolders);

  it('gives back every content by its name', async () => {
    await fc.assert(fc.asyncProperty(fc.oneof(fc.string({ unit: 'binary' }), fc.uint8Array()), async (content) => {
      const name = await store.put(content);
      expect(name).toBe(sha256(content));
      expect(await new FileStore({ folder }).get(name)).toEqual(Buffer.from(content as string));
    }), { numRuns: 30 });
  });

  it('keeps the same content once, whoever puts it at the same time', async () => {
    const names = await Promise.all(Array.from({ length: 20 }, () => new FileStore({ folder }).put('the same')));
    expect(new Set(names)).toEqual(new Set([sha256('the same')]));
    expect(files()).toHaveLength(1);
  });

  it('has nothing under names that it did not give', async () => {
    for (const name of [sha256('never put'), '../../etc/passwd', '', 'A'.repeat(64)]) expect(await store.get(name)).toBeUndefined();
  });

  it('never gives damaged bytes, and takes them again', async () => {
    const name = await store.put('some bytes');
    writeFileSync(files()[0]!, 'same count'); // as long as before
    expect(await store.get(name)).toBeUndefined();
    await store.put('some bytes');
    expect(String(await store.get(name))).toBe('some bytes');
    writeFileSync(files()[0]!, 'cut');
    await store.put('some bytes');
    expect(String(await store.get(name))).toBe('some bytes');
  });

  it('forgets what nobody put again within the retention time', async () => {
    const [old, kept] = [await store.put('old'), await store.put('kept')];
    age(32);
    await store.put('kept');
    expect(await store.sweep()).toBe(4);
    expect(await store.get(old)).toBeUndefined();
    expect(String(await store.get(kept))).toBe('kept');
  });

  it('refuses what passes its bounds, and has room again when old files are gone', async () => {
    const small = new FileStore({ folder, maxBytes: 10 });
    await small.put('12345678');
    await expect(small.put('abc')).rejects.toMatchObject({ code: 'CASC_STORE_FULL', kind: 'retryable' });
    await expect(new FileStore({ folder, maxBytes: 10 }).put('abc')).rejects.toMatchObject({ code: 'CASC_STORE_FULL' });
    age(32);
    await small.put('abc');
    await expect(store.put(Buffer.alloc(MAX_STORED_BYTES + 1))).rejects.toMatchObject({ code: 'CASC_STORE_CONTENT_TOO_LARGE', kind: 'terminal' });
    expect(files()).toHaveLength(1);
  });
});
