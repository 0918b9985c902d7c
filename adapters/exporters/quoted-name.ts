import { closingQuote, skipBlanks, unescapeText } from './label-set-text.ts';

const plainName = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;

/**
 * The line `{"name",a="b"} 1` as `name{a="b"} 1`. Prometheus 3 prints names so that hold more than letters, digits, `_` and `:`;
 * nobody maps such a series, and in the line it is then called `_`. Null where no quoted name stands behind the brace.
 */
export function unquoteName(
  bytes: Buffer,
  start: number,
  end: number,
): { readonly line: Buffer; readonly isPlain: boolean } | null {
  const opening = skipBlanks(bytes, start + 1);
  if (bytes[opening] !== 0x22) return null;
  const closing = closingQuote(bytes, opening + 1, end);
  if (closing < 0) return null;
  const name = unescapeText(bytes.toString('utf8', opening + 1, closing));
  if (name === '') return null;
  let at = skipBlanks(bytes, closing + 1);
  if (bytes[at] === 0x2c) at++;
  else if (bytes[at] !== 0x7d) return null;
  const isPlain = plainName.test(name);
  const line = Buffer.concat([Buffer.from(`${isPlain ? name : '_'}{`), bytes.subarray(at, end)]);
  return { line, isPlain };
}
