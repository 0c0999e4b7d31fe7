import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatMoney, parseMoney } from '../src/money.js';

test('reads an amount as whole cents', () => {
  assert.equal(parseMoney('12.90'), 1290);
  assert.equal(parseMoney(' 0.05 '), 5);
});

test('refuses what is not a price tag', () => {
  for (const text of ['', '12', '12.9', '1,000.00', '-1.00', '1e3']) {
    assert.throws(() => parseMoney(text), { name: 'RangeError', message: `not an amount of money: "${text}"` });
  }
  assert.throws(() => parseMoney(12.9), TypeError);
});

test('writes cents with two decimals', () => {
  assert.equal(formatMoney(1290), '12.90');
  assert.equal(formatMoney(5), '0.05');
  assert.equal(formatMoney(-5), '-0.05');
  assert.throws(() => formatMoney(0.5), TypeError);
});
