export { formatMoney, parseMoney } from './money.js';
export { createCatalog } from './catalog.js';
export { createOrder } from './order.js';
export { renderReceipt } from './receipt.js';
