import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCatalog } from '../src/catalog.js';
import { createOrder } from '../src/order.js';

const catalog = createCatalog([
  { sku: 'TEA-100', name: 'Green tea', cents: 450 },
  { sku: 'MUG-1', name: 'Mug', cents: 1290 },
]);

test('adds up quantities of one sku and keeps the order of asking', () => {
  const order = createOrder(catalog, [{ sku: 'MUG-1', quantity: 1 }, { sku: 'TEA-100', quantity: 2 }, { sku: 'MUG-1', quantity: 1 }]);
  assert.deepEqual(order, {
    lines: [
      { sku: 'MUG-1', name: 'Mug', quantity: 2, unitCents: 1290, totalCents: 2580 },
      { sku: 'TEA-100', name: 'Green tea', quantity: 2, unitCents: 450, totalCents: 900 },
    ],
    totalCents: 3480,
  });
  assert.ok(Object.isFrozen(order) && Object.isFrozen(order.lines) && Object.isFrozen(order.lines[0]));
});

test('an empty order costs nothing', () => {
  assert.deepEqual(createOrder(catalog, []), { lines: [], totalCents: 0 });
});

test('refuses unknown products and impossible quantities', () => {
  assert.throws(() => createOrder(catalog, [{ sku: 'CUP-1', quantity: 1 }]), { name: 'RangeError', message: 'unknown sku: "CUP-1"' });
  assert.throws(() => createOrder(catalog, [{ sku: 'MUG-1', quantity: 0 }]), { message: 'not a quantity: 0' });
});
