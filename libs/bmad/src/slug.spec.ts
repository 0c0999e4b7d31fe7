import { describe, expect, it } from '@jest/globals';
import { project } from '@cascade/contracts';
import fc from 'fast-check';
import { slugify } from './slug.js';

describe('slugify', () => {
  it.each([
    ['User Auth - Login!', 'user-auth-login'], ['Rabatt für Käufer', 'rabatt-fur-kaufer'], ['Don\'t stop', 'dont-stop'], ['日本', 'untitled'], ['a/../b', 'a-b'],
  ])('turns %j into %j', (title, slug) => {
    expect(slugify(title)).toBe(slug);
  });

  it('cuts between words, and inside a word only when it is the first', () => {
    expect(slugify(`${'word '.repeat(30)}`)).toBe(Array.from({ length: 12 }, () => 'word').join('-'));
    expect(slugify('x'.repeat(90))).toHaveLength(60);
  });

  it('gives a valid epic name for every text and changes no slug', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 120 }), (title) => {
      const slug = slugify(title);
      expect(project.shape.epicName.safeParse(slug).success).toBe(true);
      expect(slugify(slug)).toBe(slug);
    }));
  });
});
