import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCatalog } from '../src/catalog.js';

const tea = { sku: 'TEA-100', name: 'Green tea', cents: 450 };
const mug = { sku: 'MUG-1', name: 'Mug', cents: 1290 };

test('finds products by sku and lists them sorted', () => {
  const catalog = createCatalog([tea, mug]);
  assert.deepEqual(catalog.find('TEA-100'), tea);
  assert.equal(catalog.find('CUP-1'), undefined);
  assert.deepEqual(catalog.list().map((product) => product.sku), ['MUG-1', 'TEA-100']);
});

test('refuses duplicates and products that cannot be sold', () => {
  assert.throws(() => createCatalog([tea, tea]), { name: 'RangeError', message: 'duplicate sku: "TEA-100"' });
  assert.throws(() => createCatalog([{ ...tea, sku: 'tea' }]), { message: 'not a sku: "tea"' });
  assert.throws(() => createCatalog([{ ...tea, name: ' ' }]), { message: 'product "TEA-100" needs a name' });
  assert.throws(() => createCatalog([{ ...tea, cents: -1 }]), { message: 'product "TEA-100" has no valid price: -1' });
});
