import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { removeTemporaryFolders, temporaryFolder } from '@cascade/testing';
import { sweepControlGroups } from './cgroup.js';

describe('sweepControlGroups', () => {
  afterAll(() => removeTemporaryFolders());

  it('removes what dead processes left, and nothing else', () => {
    const folder = temporaryFolder('groups');
    const alive = `cascade-${process.pid}-0123456789ab`;
    for (const name of [alive, 'cascade-999999999-0123456789ab', 'cascade-999999999', 'of-others']) mkdirSync(join(folder, name));
    sweepControlGroups([folder]);
    expect(readdirSync(folder).sort()).toEqual(['cascade-999999999', alive, 'of-others'].sort());
  });

  it('bears a group that /proc names but that is not mounted here, as in a chroot', () => {
    expect(() => sweepControlGroups(['/sys/fs/cgroup/not/mounted/here'])).not.toThrow();
  });
});
