/**
 * The products that can be sold, by stock keeping unit.
 * Takes products as `{ sku, name, cents }`.
 */
export function createCatalog(products) {
  const bySku = new Map();
  for (const product of products) {
    checkProduct(product);
    const { sku, name, cents } = product;
    if (bySku.has(sku)) throw new RangeError(`duplicate sku: "${sku}"`);
    bySku.set(sku, Object.freeze({ sku, name, cents }));
  }
  return Object.freeze({
    /** The product, or undefined when there is none. */
    find: (sku) => bySku.get(sku),
    /** All products, sorted by sku. */
    list: () => [...bySku.values()].sort(bySkuOrder),
  });
}

const bySkuOrder = (a, b) => (a.sku < b.sku ? -1 : 1);

function checkProduct({ sku, name, cents }) {
  if (typeof sku !== 'string' || !/^[A-Z][A-Z0-9-]*$/.test(sku)) {
    throw new RangeError(`not a sku: "${sku}"`);
  }
  if (typeof name !== 'string' || name.trim() === '') {
    throw new RangeError(`product "${sku}" needs a name`);
  }
  if (!Number.isSafeInteger(cents) || cents < 0) {
    throw new RangeError(`product "${sku}" has no valid price: ${cents}`);
  }
}
