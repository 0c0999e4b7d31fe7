/**
 * An order: one line per sku, in the order in which skus were first asked
 * for. Quantities of the same sku add up. Gives `{ lines: [{ sku, name,
 * quantity, unitCents, totalCents }], totalCents }`, frozen.
 */
export function createOrder(catalog, items) {
  const quantities = new Map();
  for (const { sku, quantity } of items) {
    if (!Number.isSafeInteger(quantity) || quantity < 1) {
      throw new RangeError(`not a quantity: ${quantity}`);
    }
    quantities.set(sku, (quantities.get(sku) ?? 0) + quantity);
  }
  const lines = [...quantities].map(([sku, quantity]) =>
    createLine(catalog, sku, quantity));
  const totalCents = lines.reduce((sum, line) => sum + line.totalCents, 0);
  return Object.freeze({ lines: Object.freeze(lines), totalCents });
}

function createLine(catalog, sku, quantity) {
  const product = catalog.find(sku);
  if (product === undefined) throw new RangeError(`unknown sku: "${sku}"`);
  const { name, cents: unitCents } = product;
  const totalCents = unitCents * quantity;
  return Object.freeze({ sku, name, quantity, unitCents, totalCents });
}
