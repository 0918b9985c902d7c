/** 1..64 for a byte of `[a-zA-Z0-9_:]`, 0 for anything that ends a name. */
export const byteClass = new Uint8Array(256);
'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_:'.split('').forEach((letter, index) => {
  byteClass[letter.charCodeAt(0)] = index + 1;
});

/** Whether a metric name can start with this byte. */
export function startsName(byte: number): boolean {
  const letter = byteClass[byte]!;
  return letter !== 0 && (byte < 0x30 || byte > 0x39);
}

/** Where the name (or label name, colons aside) that starts at `start` ends. */
export function nameEnd(bytes: Uint8Array, start: number): number {
  let at = start;
  while (byteClass[bytes[at]!] !== 0 && at < bytes.length) at++;
  return at;
}
