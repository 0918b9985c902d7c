/** Prints one figure of a chart. */
export type Print = (value: number) => string;

/** The locale where it is one that can be printed in, else English. */
export function printableLocale(locale: string): string {
  try {
    return Intl.NumberFormat.supportedLocalesOf(locale)[0] ?? 'en';
  } catch {
    return 'en';
  }
}

/**
 * Figures of one chart, all to the same precision: three decimals where all are below 1, compact from 10,000 on (`12.3K`).
 * What would be printed as 0 and is not 0 gets two significant digits.
 */
export function figurePrinter(values: readonly number[], locale: string): Print {
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const digits = values.every(Number.isInteger) ? 0 : decimals(largest);
  const usual = formatter(locale, {
    ...(largest >= 1e15 ? { notation: 'scientific' } : largest >= 10_000 ? { notation: 'compact' } : {}),
    ...(largest >= 10_000
      ? { maximumSignificantDigits: 3 }
      : { minimumFractionDigits: digits, maximumFractionDigits: digits }),
  });
  const tiny = formatter(locale, { maximumSignificantDigits: 2 });
  const tiniest = formatter(locale, { maximumSignificantDigits: 2, notation: 'scientific' });
  return (value) => {
    const size = Math.abs(value);
    if (size === 0 || largest >= 10_000 || size >= 0.5 * 10 ** -digits) return usual.format(value);
    return (size < 1e-6 ? tiniest : tiny).format(value);
  };
}

function decimals(largest: number): number {
  if (largest < 1) return 3;
  return largest < 100 ? 2 : 1;
}

/** Figures of an axis, whose steps have no more than three digits. */
export function tickPrinter(ticks: readonly number[], locale: string): Print {
  const largest = ticks.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const notation = largest >= 1e15 || largest < 1e-4 ? 'scientific' : largest >= 10_000 ? 'compact' : 'standard';
  const format = formatter(locale, { notation, maximumSignificantDigits: 3 });
  return (value) => format.format(value);
}

function formatter(locale: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  return new Intl.NumberFormat(locale, { signDisplay: 'negative', ...options });
}
