import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCatalog } from '../src/catalog.js';
import { createOrder } from '../src/order.js';
import { renderReceipt } from '../src/receipt.js';

const catalog = createCatalog([
  { sku: 'TEA-100', name: 'Green tea', cents: 450 },
  { sku: 'POT-1', name: 'Cast-iron teapot with a very long name', cents: 8900 },
]);

test('prints lines, a rule and the total, 32 characters wide', () => {
  const order = createOrder(catalog, [{ sku: 'TEA-100', quantity: 2 }, { sku: 'POT-1', quantity: 1 }]);
  assert.deepEqual(renderReceipt(order).split('\n'), [
    '2 x Green tea               9.00',
    '1 x Cast-iron teapot with  89.00',
    '--------------------------------',
    'Total                      98.00',
  ]);
});
