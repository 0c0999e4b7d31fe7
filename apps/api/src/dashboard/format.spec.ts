import { expect, it } from '@jest/globals';
import { ago, bytes, count, duration, money, shortRepository, titleOf } from './format.js';

it('says lengths and amounts shortly', () => {
  expect([0, 59_999, 61_000, 1_561_000, 3_600_000, 5_400_000, 90_000_000].map(duration)).toEqual(['0 s', '59 s', '1 min 1 s', '26 min', '1 h', '1 h 30 min', '1 d 1 h']);
  expect([-5, 6_000, 61_000, 7_200_000, 200_000_000].map(ago)).toEqual(['just now', '6 s ago', '1 min ago', '2 h ago', '2 d ago']);
  expect([0, 0.0123, 1.5].map(money)).toEqual(['$0.00', '$0.0123', '$1.50']);
  expect([999, 1_000, 12_345, 124_352, 2_500_000].map(count)).toEqual(['999', '1k', '12.3k', '124k', '2.5M']);
  expect([10, 2_048].map(bytes)).toEqual(['10 B', '2 kB']);
});

it('makes titles of requests, and names of repositories', () => {
  expect(titleOf('Add discount codes to the till: a cashier enters one.\n\nTwo stories.')).toBe('Add discount codes to the till');
  expect(titleOf('# Short')).toBe('Short');
  expect(titleOf('x'.repeat(300), 20)).toBe(`${'x'.repeat(19)}…`);
  expect(['/srv/shop', 'https://github.com/me/till.git', 'git@host:shop', '/'].map(shortRepository)).toEqual(['shop', 'till', 'shop', '/']);
});
