import type { Conversion } from '../dialect.ts';
import { units } from '../units.ts';

export type Labels = Readonly<Record<string, string>>;

/** The canonical value, or null where the raw one means "not supported". */
export function convert(raw: number, conversion: Conversion): number | null {
  if (!Number.isFinite(raw)) return null;
  if (conversion.unknown?.includes(raw) === true) return null;
  if (conversion.unknownFrom !== undefined && raw >= conversion.unknownFrom) return null;
  const value = raw * units[conversion.unit].factor;
  return Number.isFinite(value) ? value : null;
}

/** Lower case without `GPU-`; the all-zero UUID of a redacted or virtual card is absent. */
export function normaliseUuid(raw: string | null | undefined): string | null {
  const uuid = (raw ?? '').replaceAll('\0', '').trim().toLowerCase().replace(/^gpu-/, '');
  return uuid === '' || /^[0-]+$/.test(uuid) || uuid === '[n/a]' ? null : uuid;
}

/**
 * `DDDD:BB:DD.F` from the forms that exporters print: `00000000:0C:00.0`, `0000:0c:00.0`, `0c:00.0`, `1:0`. Null where the
 * function is missing and the numbers mean one card in hexadecimal and another in decimal: lolMiner 1.47 prints bus 13
 * (hexadecimal) as `19:0` (its issue 1442), and nobody says whether later versions still do.
 */
export function normaliseBus(raw: string | null | undefined): string | null {
  const match = /^(?:([0-9a-f]{1,8}):)?([0-9a-f]{1,2}):([0-9a-f]{1,2})(?:[.:]([0-7]))?$/i.exec((raw ?? '').trim());
  if (match === null) return null;
  if (match[4] === undefined && isAmbiguous(`${match[2]}`, `${match[3]}`)) return null;
  const hex = (part: string | undefined, digits: number) =>
    Number.parseInt(part ?? '0', 16)
      .toString(16)
      .padStart(digits, '0');
  return `${hex(match[1], 4)}:${hex(match[2], 2)}:${hex(match[3], 2)}.${match[4] ?? '0'}`;
}

/** Decimal or hexadecimal: a letter tells, a number below 10 is the same in both. */
function isAmbiguous(bus: string, device: string): boolean {
  return !/[a-f]/i.test(bus + device) && (Number(bus) > 9 || Number(device) > 9);
}

/** The first of these labels that is there and not empty. */
export function firstLabel(labels: Labels, names: readonly string[]): string | null {
  for (const name of names) {
    const value = labels[name];
    if (value !== undefined && value !== '') return value;
  }
  return null;
}

/** The first of these labels that tells cards apart: the all-zero UUID, which every redacted card has, only where it is all there is. */
export function firstSlot(labels: Labels, names: readonly string[]): string | null {
  for (const name of names) {
    const value = labels[name];
    if (value !== undefined && value !== '' && !(value.length >= 32 && normaliseUuid(value) === null)) return value;
  }
  return firstLabel(labels, names);
}

export function wholeNumber(raw: string | null | undefined): number | null {
  return /^\d+$/.test(raw ?? '') ? Number(raw) : null;
}

export function addText(set: Set<string>, raw: string | undefined): void {
  if (raw !== undefined && raw !== '') set.add(raw);
}

/** What a rig may be called: without blanks around, and without what no database and no chat can hold; null for nothing. */
export function rigName(raw: string | null | undefined): string | null {
  const name = (raw ?? '').toWellFormed().replaceAll('\0', '\u{FFFD}').trim();
  return name === '' ? null : name;
}

/** Without blanks around; null for nothing and for what nvidia-smi prints in its place. */
export function text(raw: string | null | undefined): string | null {
  const trimmed = raw?.trim() ?? '';
  return trimmed === '' || trimmed === '[N/A]' ? null : trimmed;
}
