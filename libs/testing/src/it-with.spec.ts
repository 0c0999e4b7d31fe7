import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { itWith } from './it-with.js';

describe('itWith', () => {
  const printed = jest.spyOn(process.stdout, 'write');
  afterEach(() => { printed.mockReset(); });

  it('is the ordinary it where the program works', () => {
    expect(itWith([process.execPath, '--version'], 'tests of Node')).toBe(it);
    expect(printed).not.toHaveBeenCalled();
  });

  it.each([['is missing', ['no-such-program', '--version']], ['fails', [process.execPath, '-e', 'process.exit(1)']]])('skips, and says why, where the program %s', (_case, probe) => {
    printed.mockReturnValue(true);
    expect(itWith(probe, 'tests of nothing')).toBe(it.skip);
    expect(printed.mock.calls).toEqual([[`not run on this machine, where "${probe.join(' ')}" does not work: tests of nothing\n`]]);
  });
});
