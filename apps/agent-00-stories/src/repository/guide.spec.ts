import { describe, expect, it } from '@jest/globals';
import { MAX_READ_FILES, MAX_SHOWN_CHARACTERS } from './choose-files.js';
import { needsGuide, placeOf } from './guide.js';

describe('needsGuide', () => {
  it('is said of repositories that a prompt cannot hold, whatever else lies in them', () => {
    const file = (path: string, bytes: number): { path: string; bytes: number } => ({ path, bytes });
    expect(needsGuide([file('README.md', 1), file('src/a.js', MAX_SHOWN_CHARACTERS - 1), file('photo.png', 1e9), file('package-lock.json', 1e9)])).toBe(false);
    expect(needsGuide([file('README.md', 1), file('src/a.js', MAX_SHOWN_CHARACTERS)])).toBe(true);
    expect(needsGuide(Array.from({ length: MAX_READ_FILES + 1 }, (_, n) => file(`src/${n}.py`, 1)))).toBe(true);
  });
});

describe('placeOf', () => {
  it('knows the file and the last line of a source, whatever the path has in it', () => {
    expect(placeOf('src/a#L1-L2.js#L3-L19')).toEqual({ path: 'src/a#L1-L2.js', lastLine: 19 });
  });
});
