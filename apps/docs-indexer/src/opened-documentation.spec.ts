import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { HostConfig } from '@cascade/service-host';
import { removeTemporaryFolders, temporaryFolder } from '@cascade/testing';
import { openDocumentation, OpenedDocumentation } from './opened-documentation.js';
import { ScopeRecords } from './scope-records.js';

afterAll(removeTemporaryFolders);

const configFor = (docs: string): HostConfig => Object.assign(new HostConfig('redis://127.0.0.1:1', docs, docs, 1, 30_000, undefined), { docsFolder: docs });
const open = async (docs: string): Promise<OpenedDocumentation> => (await openDocumentation(configFor(docs)))[0]!.useValue as OpenedDocumentation;

describe('openDocumentation', () => {
  it('gives one folder to one process at a time', async () => {
    const folder = temporaryFolder('docs');
    const first = await open(folder);
    await expect(open(folder)).rejects.toMatchObject({ code: 'CASC_GRAPH_IN_USE' });
    await Promise.all([first.close(), first.close()]);
    await (await open(folder)).close();
  });

  it('tells whoever asks why the graph could not be opened', async () => {
    const file = join(temporaryFolder('docs'), 'file');
    writeFileSync(file, '');
    const opened = await open(file);
    expect(opened.isUsable).toBe(false);
    expect(() => opened.get()).toThrow(expect.objectContaining({ code: 'CASC_DOCS_UNAVAILABLE' }));
    await opened.close();
  });
});

describe('ScopeRecords', () => {
  const record = (branch: string, isDefault: boolean, usedAt: number) => ({ repository: 'shop-1', branch, address: '/srv/shop', isDefault, usedAt });

  it('keeps one default per repository and the order of use, over a start', async () => {
    const file = join(temporaryFolder('docs'), 'branches.json');
    const records = await ScopeRecords.open(file);
    await Promise.all([records.put(record('main', true, 1)), records.put(record('side', true, 3)), records.put(record('old', false, 2))]);
    await records.remove({ repository: 'shop-1', branch: 'old' });
    const again = await ScopeRecords.open(file);
    expect(again.all()).toEqual([record('side', true, 3), record('main', false, 1)]);
    writeFileSync(file, '[{]');
    expect((await ScopeRecords.open(file)).all()).toEqual([]);
  });
});
