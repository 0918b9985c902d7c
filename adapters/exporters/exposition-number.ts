const powersOfTen = Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));
const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const infinity = /^([+-]?)inf(?:inity)?$/i;

/**
 * The number an exposition writes at `[start, end)`, correctly rounded as Go's ParseFloat does; null where it is none.
 * NaN is a number here.
 */
export function parseNumber(bytes: Buffer, start: number, end: number): { readonly value: number } | null {
  const value = parseExact(bytes, start, end);
  if (value !== null) return { value };
  return parseText(bytes.toString('latin1', start, end));
}

/**
 * Clinger's fast path: up to 15 digits and a power of ten up to 22 are exact in doubles, so one operation rounds correctly.
 * Null where the number is longer or is none.
 */
export function parseExact(bytes: Uint8Array, start: number, end: number): number | null {
  let at = start;
  const first = bytes[at]!;
  const negative = first === 0x2d;
  if (negative || first === 0x2b) at++;
  let mantissa = 0;
  let digits = 0;
  let fraction = -1;
  for (; at < end; at++) {
    const byte = bytes[at]!;
    if (byte >= 0x30 && byte <= 0x39) {
      mantissa = mantissa * 10 + (byte - 0x30);
      digits++;
    } else if (byte === 0x2e && fraction < 0) fraction = digits;
    else break;
  }
  if (digits === 0 || digits > 15) return null;
  let exponent = fraction < 0 ? 0 : fraction - digits;
  if (at < end) {
    const power = parseExponent(bytes, at, end);
    if (power === null) return null;
    exponent += power;
  }
  if (exponent < -22 || exponent > 22) return null;
  const magnitude = exponent < 0 ? mantissa / powersOfTen[-exponent]! : mantissa * powersOfTen[exponent]!;
  return negative ? -magnitude : magnitude;
}

function parseExponent(bytes: Uint8Array, start: number, end: number): number | null {
  if ((bytes[start]! | 0x20) !== 0x65) return null;
  let at = start + 1;
  const negative = bytes[at] === 0x2d;
  if (negative || bytes[at] === 0x2b) at++;
  if (at >= end || end - at > 3) return null;
  let power = 0;
  for (; at < end; at++) {
    const byte = bytes[at]!;
    if (byte < 0x30 || byte > 0x39) return null;
    power = power * 10 + (byte - 0x30);
  }
  return negative ? -power : power;
}

function parseText(text: string): { readonly value: number } | null {
  if (decimal.test(text)) {
    const value = Number(text);
    return Number.isFinite(value) ? { value } : null;
  }
  if (/^nan$/i.test(text)) return { value: Number.NaN };
  const sign = infinity.exec(text);
  if (sign === null) return null;
  return { value: sign[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY };
}
