const MONEY = /^(\d{1,13})\.(\d{2})$/;

/**
 * Reads an amount such as "12.90" as whole cents. Exactly two decimals,
 * no sign, no thousands separator: a price tag, not a calculation.
 */
export function parseMoney(text) {
  if (typeof text !== 'string') {
    throw new TypeError(`money must be text, got ${typeof text}`);
  }
  const match = MONEY.exec(text.trim());
  if (match === null) {
    throw new RangeError(`not an amount of money: "${text}"`);
  }
  return Number(match[1]) * 100 + Number(match[2]);
}

/** Writes whole cents as an amount such as "12.90" or "-0.05". */
export function formatMoney(cents) {
  if (!Number.isSafeInteger(cents)) {
    throw new TypeError(`cents must be a whole number, got ${cents}`);
  }
  const digits = String(Math.abs(cents)).padStart(3, '0');
  const sign = cents < 0 ? '-' : '';
  return `${sign}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
