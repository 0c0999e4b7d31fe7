import { describe, expect, it } from '@jest/globals';
import { featureDirectory, featureSlug, nextFeatureNumber } from './feature-directory.js';

describe('feature folders', () => {
  it('are numbered with at least three digits', () => {
    expect(featureDirectory(7, 'discount-codes')).toBe('specs/007-discount-codes');
    expect(featureDirectory(1234, 'x')).toBe('specs/1234-x');
  });
  it.each([[0, 'x'], [1.5, 'x'], [1, '../x'], [1, 'A'], [1, ''], [1, 'a'.repeat(300)]])('cannot be %p %p', (number, slug) => {
    expect(() => featureDirectory(number, slug)).toThrow(expect.objectContaining({ code: 'CASC_SPEC_INVALID' }));
  });
  it('count on from the largest number, past time stamps', () => {
    expect(nextFeatureNumber(['001-a', '012-b', '20260203-101112-c', '99-d', 'docs'])).toBe(13);
    expect(nextFeatureNumber([])).toBe(1);
  });
  it('get the slug that Spec Kit derives', () => {
    expect(featureSlug('I want to add an OAuth2 integration for the API')).toBe('oauth2-integration-api');
    expect(featureSlug('to be')).toBe('to-be');
    expect(featureSlug('???')).toBe('feature');
  });
});
