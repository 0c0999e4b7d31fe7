import { afterAll, expect, it } from '@jest/globals';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { removeTemporaryFolders, temporaryFolder } from '@cascade/testing';
import { WorkspaceFiles } from './workspace-files.js';

afterAll(() => removeTemporaryFolders());

it('a workspace that was closed while a worker used it does not come back as a folder with some files', async () => {
  const folder = temporaryFolder('workspace');
  const files = new WorkspaceFiles(folder, ['a/b/c.js']);
  await files.restore({ 'a/b/c.js': '1' });
  expect(readFileSync(join(folder, 'a/b/c.js'), 'utf8')).toBe('1');
  rmSync(folder, { recursive: true });
  await expect(files.restore({ 'a/b/c.js': '2' })).rejects.toMatchObject({ code: 'CASC_WORKSPACE_CLOSED', kind: 'retryable' });
  expect(existsSync(folder)).toBe(false);
});
