/** Sums of money as people type them: "1.500.000", "500k", "2,5tr", "1tr2", "1 tỷ 200 triệu". */

const UNITS = [
  { unit: 1e9, words: ["tỷ", "tỉ", "ty", "ti", "billion", "bn"] },
  { unit: 1e6, words: ["triệu", "trieu", "tr", "million", "m"] },
  { unit: 1e3, words: ["nghìn", "nghin", "ngàn", "ngan", "k", "thousand"] },
];
const WORDS = UNITS.flatMap(({ words }) => words).sort((one, other) => other.length - one.length);
const PART = new RegExp(`^(\\d[\\d.,\\s]*?)\\s*(${WORDS.join("|")})(?![\\p{L}])\\s*`, "u");
const CURRENCY = /\s*(?:đồng|dong|vnđ|vnd|đ|₫)$/u;
const GROUPED = /^\d{1,3}(?:([.,\s])\d{3})(?:\1\d{3})*$/;
const DECIMAL = /^(\d+)[.,](\d{1,2})$/;
/** What lies beyond is no sum that anybody can mean; the server says so of less. */
const MOST = 9e13;

/**
 * Read a sum in whole dong: `{ amount }`, with `null` for an empty field, or `null` where it cannot be read.
 *
 * A dot, comma or space before exactly three digits groups thousands; before one or two it is a decimal sign, and a unit
 * must follow. Digits behind a unit are its fraction ("1tr2", "1tr25"), unless a smaller unit of their own follows.
 */
export function readAmount(text) {
  const said = text.normalize("NFC").toLowerCase().trim();
  if (!said) return { amount: null };
  const amount = sum(said.replace(CURRENCY, ""));
  return amount === null || amount > MOST ? null : { amount };
}

function sum(said) {
  let [rest, total, last] = [said, 0, Infinity];
  for (let found = PART.exec(rest); found; found = PART.exec(rest)) {
    const { unit } = UNITS.find(({ words }) => words.includes(found[2]));
    const part = unit < last ? inUnits(found[1].trim(), unit) : null;
    if (part === null) return null;
    [rest, total, last] = [rest.slice(found[0].length), total + part, unit];
  }
  if (last === Infinity) return plain(rest);
  const tail = behind(rest, last);
  return tail === null ? null : total + tail;
}

/** What follows the last unit: nothing, a half, or the digits of a fraction. */
function behind(rest, unit) {
  if (!rest) return 0;
  if (/^(?:rưỡi|ruoi)$/u.test(rest)) return unit / 2;
  return /^\d{1,3}$/.test(rest) ? fraction(rest, unit) : null;
}

const plain = (number) => (GROUPED.test(number) || /^\d+$/.test(number) ? Number(number.replace(/\D/g, "")) : null);

function inUnits(number, unit) {
  const decimal = DECIMAL.exec(number);
  if (decimal) return Number(decimal[1]) * unit + fraction(decimal[2], unit);
  const whole = plain(number);
  return whole === null ? null : whole * unit;
}

const fraction = (digits, unit) => (Number(digits) * unit) / 10 ** digits.length;
