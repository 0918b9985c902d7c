import { nameEnd, startsName } from './name-bytes.ts';

/** Of one label set. What exporters print stays far below. */
export const labelLimits = { labels: 128, labelBytes: 16_384 } as const;

/** Why something is no label set that is read. */
export type LabelFault = 'bad labels' | 'too many labels' | 'too long a label';

/** Right behind the `}` that closes the set at `start`, or -1. */
export function labelSetEnd(bytes: Uint8Array, start: number, limit: number): number {
  let quoted = false;
  for (let at = start + 1; at < limit; at++) {
    const byte = bytes[at]!;
    if (quoted) {
      if (byte === 0x5c) at++;
      else if (byte === 0x22) quoted = false;
    } else if (byte === 0x22) quoted = true;
    else if (byte === 0x7d) return at + 1;
  }
  return -1;
}

/** `{a="b", "c.d"="e",}` from `{` to `}` inclusive; empty values are absent labels. */
export function parseLabelSet(bytes: Buffer, start: number, end: number): Map<string, string> | LabelFault {
  const labels = new Map<string, string>();
  const seen = new Set<string>();
  const closing = end - 1;
  let at = skipBlanks(bytes, start + 1);
  while (at < closing) {
    const quoted = bytes[at] === 0x22;
    const nameStart = quoted ? at + 1 : at;
    const nameStop = quoted ? closingQuote(bytes, nameStart, closing) : plainLabelEnd(bytes, at);
    if (nameStop <= nameStart) return 'bad labels';
    const name = unescapeText(bytes.toString('utf8', nameStart, nameStop));
    if (seen.has(name)) return 'bad labels';
    if (seen.add(name).size > labelLimits.labels) return 'too many labels';
    at = skipBlanks(bytes, quoted ? nameStop + 1 : nameStop);
    if (bytes[at] !== 0x3d) return 'bad labels';
    at = skipBlanks(bytes, at + 1);
    if (bytes[at] !== 0x22) return 'bad labels';
    const quote = closingQuote(bytes, at + 1, closing);
    if (quote < 0) return 'bad labels';
    if (Math.max(nameStop - nameStart, quote - at) > labelLimits.labelBytes) return 'too long a label';
    const value = unescapeText(bytes.toString('utf8', at + 1, quote));
    if (value !== '') labels.set(name, value);
    at = skipBlanks(bytes, quote + 1);
    if (at === closing) break;
    if (bytes[at] !== 0x2c) return 'bad labels';
    at = skipBlanks(bytes, at + 1);
  }
  return labels;
}

/** Where the label name without quotes that starts at `start` ends, or -1. */
function plainLabelEnd(bytes: Uint8Array, start: number): number {
  if (!startsName(bytes[start]!)) return -1;
  const stop = nameEnd(bytes, start);
  for (let at = start; at < stop; at++) if (bytes[at] === 0x3a) return -1;
  return stop;
}

export function skipBlanks(bytes: Uint8Array, start: number): number {
  let at = start;
  while (bytes[at] === 0x20 || bytes[at] === 0x09) at++;
  return at;
}

/** Index of the quote that ends the text that starts at `start`, or -1. */
export function closingQuote(bytes: Uint8Array, start: number, limit: number): number {
  for (let at = start; at < limit; at++) {
    if (bytes[at] === 0x5c) at++;
    else if (bytes[at] === 0x22) return at;
  }
  return -1;
}

export const plainLabel = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/** In quotes, as it stands in a label set. */
export function quotedText(text: string): string {
  const escaped = text.replace(/[\\"\n]/g, (letter) => (letter === '\n' ? '\\n' : `\\${letter}`));
  return `"${escaped}"`;
}

const escapes: Readonly<Record<string, string>> = { '\\\\': '\\', '\\"': '"', '\\n': '\n' };

/** An unknown escape is kept as it stands, as Prometheus does. */
export function unescapeText(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(/\\[\s\S]/g, (pair) => escapes[pair] ?? pair);
}
