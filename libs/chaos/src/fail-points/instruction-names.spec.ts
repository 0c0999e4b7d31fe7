import { describe, expect, it } from '@jest/globals';
import { gitInstruction } from './git-instruction.js';
import { instructionName } from './instruction-names.js';

const scripts = new Map([['6f5902ac237024bdd0c176cb93063dc4', 'record-step']]);
const name = (command: string, ...args: string[]): string | undefined => instructionName({ name: command, args }, scripts);

describe('names of instructions', () => {
  it('say what is done, whatever the ids are', () => {
    expect(name('HGET', 'cascade:01a2045e-3eb1-762c-bf3f-1fb6b3844df5:journal', 'x')).toBe('hget cascade:journal');
    expect(name('hset', '{p03}:cascade:01a2045e')).toBe('hset cascade');
    expect(name('hset', 'repo-shop_branch-main_epics-1-a')).toBe('hset work-item');
    expect(name('hset', 'agent-01a2-10')).toBe('hset agent');
    expect(name('xautoclaim', 'stream:task.ready')).toBe('xautoclaim');
    expect(name('evalsha', '6f5902ac237024bdd0c176cb93063dc4', '1', 'k')).toBe('record-step');
    expect(name('evalsha', '0011223344')).toBe('script 00112233');
  });

  it('leave out what neither changes nor leases anything', () => {
    expect([name('xread', 'COUNT'), name('ping'), name('info')]).toEqual([undefined, undefined, undefined]);
  });

  it('know the git commands that change something', () => {
    expect(gitInstruction('/usr/bin/git', ['-c', 'core.x=1', '--git-dir', '/x', 'update-ref', '--stdin'])).toBe('git update-ref');
    expect(gitInstruction('git', ['worktree', 'add', '/x'])).toBe('git worktree add');
    expect([gitInstruction('git', ['rev-parse', 'HEAD']), gitInstruction('node', ['init'])]).toEqual([undefined, undefined]);
  });
});
