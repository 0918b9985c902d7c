import { JOULES_PER_KWH, type Money } from '../domain/quantities.ts';
import type { Presentation } from './command.ts';

type Locale = Pick<Presentation, 'locale'>;

/** The reader's locale and language. */
export type Reader = Pick<Presentation, 'locale' | 'say'>;

/** How a figure that nobody knows is printed, in every format below; never as 0. NaN and infinities are unknown too. */
export function unknown({ say }: Pick<Presentation, 'say'>): string {
  return say('unknown');
}

const MOST_FORMATS = 256;
const numberFormats = new Map<string, Intl.NumberFormat>();
const instantFormats = new Map<string, Intl.DateTimeFormat>();

/** Building a formatter costs more than a hundred uses of it; the locale comes from outside, hence the bound. */
function remember<T>(formats: Map<string, T>, key: string, build: () => T): T {
  let format = formats.get(key);
  if (format === undefined) {
    if (formats.size >= MOST_FORMATS) formats.clear();
    format = build();
    formats.set(key, format);
  }
  return format;
}

/** `negative`: an amount that rounds to nothing is not printed as -0. */
function print(value: number, { locale }: Locale, options: Intl.NumberFormatOptions): string {
  const key = `${locale} ${JSON.stringify(options)}`;
  return remember(
    numberFormats,
    key,
    () => new Intl.NumberFormat(locale, { signDisplay: 'negative', ...options }),
  ).format(value);
}

function isKnown(value: number | null): value is number {
  return value !== null && Number.isFinite(value);
}

/** Exactly `digits` decimals. */
function fixed(digits: number): Intl.NumberFormatOptions {
  return { minimumFractionDigits: digits, maximumFractionDigits: digits };
}

/** A count or a plain number, with at most `digits` decimals. */
export function formatNumber(value: number | null, presentation: Reader, digits = 0): string {
  if (!isKnown(value)) return unknown(presentation);
  return print(value, presentation, { maximumFractionDigits: digits });
}

/**
 * Three decimals below one unit of the currency, else two: `$0.184`, `CA$12.40`, `$0.00`. An amount that three decimals would
 * show as nothing gets two significant digits instead. Per hour or per day is the caller's to add.
 */
export function formatMoney(money: Money | null, presentation: Reader): string {
  if (money === null || !Number.isFinite(money.amount)) return unknown(presentation);
  const { amount, currency } = money;
  const digits = moneyDigits(amount);
  if (!/^[A-Za-z]{3}$/.test(currency)) return `${print(amount, presentation, digits)} ${currency}`;
  return print(amount, presentation, { style: 'currency', currency, ...digits });
}

/** The amount alone, for a table whose title names the currency: `12.40`. */
export function formatAmount(money: Money | null, presentation: Reader): string {
  if (money === null || !Number.isFinite(money.amount)) return unknown(presentation);
  return print(money.amount, presentation, moneyDigits(money.amount));
}

function moneyDigits(amount: number): Intl.NumberFormatOptions {
  const size = Math.abs(amount);
  if (size > 0 && size < 0.0005) return { maximumSignificantDigits: 2 };
  return fixed(size > 0 && size < 1 ? 3 : 2);
}

/** The largest unit in which the figure, as it is going to be rounded, is at least 1. */
function scale(value: number, step: number, digits: number, units: readonly string[]): { value: number; unit: string } {
  let scaled = value;
  let index = 0;
  while (index < units.length - 1 && Number(Math.abs(scaled).toFixed(digits)) >= step) {
    scaled /= step;
    index += 1;
  }
  return { value: scaled, unit: units[index] ?? '' };
}

/** The base unit whole (one decimal below 10), larger units with two decimals. */
function formatScaled(value: number, presentation: Reader, units: readonly string[]): string {
  const scaled = scale(value, 1000, 0, units);
  const options = scaled.unit === units[0] ? { maximumFractionDigits: Math.abs(value) < 10 ? 1 : 0 } : fixed(2);
  return `${print(scaled.value, presentation, options)} ${scaled.unit}`;
}

/** `320 W`, `1.25 kW`. */
export function formatWatts(watts: number | null, presentation: Reader): string {
  return isKnown(watts) ? formatScaled(watts, presentation, ['W', 'kW', 'MW', 'GW']) : unknown(presentation);
}

/** `850 Wh`, `7.68 kWh`. */
export function formatEnergy(joules: number | null, presentation: Reader): string {
  if (!isKnown(joules)) return unknown(presentation);
  return formatScaled((joules / JOULES_PER_KWH) * 1000, presentation, ['Wh', 'kWh', 'MWh', 'GWh']);
}

const solutionAlgorithms = /^(?:equihash|zelhash|zhash|beam|aion)/;
const graphAlgorithms = /^(?:grin|aeternity|cortex|cuck(?:oo|aroo|atoo)|c(?:29|30|31|32)(?!\d))/;

/** What one unit of work is called: solutions for the Equihash family, graphs for Cuckoo cycles, else hashes. */
function workUnit(algorithm: string | null): string {
  const name = algorithm?.toLowerCase() ?? '';
  if (solutionAlgorithms.test(name)) return 'Sol/s';
  if (graphAlgorithms.test(name)) return 'g/s';
  return 'H/s';
}

/** `61.17 MH/s`, `54.20 Sol/s`, `8.10 g/s`: per second, in the algorithm's own unit. */
export function formatHashrate(hashrate: number | null, algorithm: string | null, presentation: Reader): string {
  if (!isKnown(hashrate)) return unknown(presentation);
  const { value, unit } = scale(hashrate, 1000, 2, ['', 'k', 'M', 'G', 'T', 'P', 'E']);
  return `${print(value, presentation, fixed(2))} ${unit}${workUnit(algorithm)}`;
}

function hashrateOf(algorithm: string | null, hashrate: string, { say }: Reader): string {
  return algorithm === null ? say('{hashrate} of an unknown algorithm', { hashrate }) : `${hashrate} ${algorithm}`;
}

/**
 * One hashrate per algorithm, side by side: `2.45 GH/s kawpow, 540.00 Sol/s zelhash`. Hashrates of different algorithms
 * are never added.
 */
export function formatHashrates(
  hashrates: Iterable<readonly [algorithm: string | null, hashrate: number | null]>,
  presentation: Reader,
): string {
  const parts = Array.from(hashrates, ([algorithm, hashrate]) =>
    hashrateOf(algorithm, formatHashrate(hashrate, algorithm, presentation), presentation),
  );
  return parts.length === 0 ? unknown(presentation) : parts.join(', ');
}

/** A ratio 0..1 as a percentage with at most one decimal. */
export function formatPercent(ratio: number | null, presentation: Reader, digits = 1): string {
  if (!isKnown(ratio)) return unknown(presentation);
  return print(ratio, presentation, { style: 'percent', maximumFractionDigits: digits });
}

/** A ratio as it is, with two decimals: `1.25`. */
export function formatRatio(ratio: number | null, presentation: Reader): string {
  return isKnown(ratio) ? print(ratio, presentation, fixed(2)) : unknown(presentation);
}

export function formatTemperature(celsius: number | null, presentation: Reader): string {
  return isKnown(celsius) ? `${print(celsius, presentation, { maximumFractionDigits: 0 })} °C` : unknown(presentation);
}

/** `24 GiB`, `62.7 GiB`; smaller amounts in smaller units. */
export function formatBytes(bytes: number | null, presentation: Reader): string {
  if (!isKnown(bytes)) return unknown(presentation);
  const { value, unit } = scale(bytes, 1024, 1, ['{amount} B', '{amount} KiB', '{amount} MiB', '{amount} GiB']);
  return presentation.say(unit, { amount: print(value, presentation, { maximumFractionDigits: 1 }) });
}

const durations = [
  { unit: '{count, number} d', ms: 86_400_000 },
  { unit: '{count, number} h', ms: 3_600_000 },
  { unit: '{count, number} min', ms: 60_000 },
  { unit: '{count, number} s', ms: 1000 },
] as const;

/** In its largest whole unit, rounded down: `12 s`, `5 min`, `3 h`, `2 d`. */
export function formatDuration(durationMs: number | null, presentation: Reader): string {
  if (!isKnown(durationMs)) return unknown(presentation);
  const { unit, ms } = durations.find((duration) => Math.abs(durationMs) >= duration.ms) ?? durations[3];
  // `|| 0`: half a second behind is not -0.
  return presentation.say(unit, { count: Math.trunc(durationMs / ms) || 0 });
}

/** Age of what happened at `atMs` (Unix ms): `12 s ago`; `in 12 s` where a clock runs ahead. */
export function formatAge(atMs: number | null, presentation: Presentation): string {
  if (!isKnown(atMs)) return unknown(presentation);
  const { nowMs, say } = presentation;
  const age = nowMs - atMs;
  return age <= -1000
    ? say('in {duration}', { duration: formatDuration(-age, presentation) })
    : say('{duration} ago', { duration: formatDuration(age, presentation) });
}

/** Date, time and zone of a Unix ms instant, in the reader's zone: `Nov 22, 2026, 18:05 EST`. */
export function formatInstant(atMs: number | null, presentation: Presentation): string {
  const { locale, timeZone } = presentation;
  // Beyond these limits an instant has no date.
  if (!isKnown(atMs) || Math.abs(atMs) > 8.64e15) return unknown(presentation);
  const options = {
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZone,
    timeZoneName: 'short',
  } satisfies Intl.DateTimeFormatOptions;
  return remember(instantFormats, `${locale} ${timeZone}`, () => new Intl.DateTimeFormat(locale, options)).format(atMs);
}
