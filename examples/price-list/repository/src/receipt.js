import { formatMoney } from './money.js';

const WIDTH = 32;

/**
 * The text that the till prints: one row per line, a rule, the total.
 * Rows are 32 characters wide.
 */
export function renderReceipt(order) {
  const rows = order.lines.map(({ quantity, name, totalCents }) =>
    renderRow(`${quantity} x ${name}`, totalCents));
  const total = renderRow('Total', order.totalCents);
  return [...rows, '-'.repeat(WIDTH), total].join('\n');
}

/** A label and an amount; a label that is too long is cut. */
function renderRow(label, cents) {
  const amount = formatMoney(cents);
  const room = WIDTH - amount.length - 1;
  return `${label.slice(0, room).padEnd(room)} ${amount}`;
}
