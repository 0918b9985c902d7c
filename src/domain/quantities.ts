/**
 * Amounts that cannot be mistaken for each other. Everywhere in the domain `null` means "unknown": it is never 0,
 * never a pass, and every sum that meets it is unknown too or says what it left out.
 */

/** ISO 4217 code in capitals, for example `USD`. */
export type Currency = string;

/** An amount of money at full precision; rounding happens only where it is printed. */
export interface Money {
  readonly amount: number;
  readonly currency: Currency;
}

/** How a money figure came to be: from quotes and measured work (`est.`) or from payouts (`real.`). */
export type Basis = 'estimated' | 'realised';

export const SECONDS_PER_HOUR = 3_600;
export const SECONDS_PER_DAY = 86_400;
export const HOURS_PER_DAY = 24;
export const MS_PER_HOUR = 3_600_000;
export const JOULES_PER_KWH = 3_600_000;
export const BYTES_PER_GIB = 2 ** 30;

export function money(amount: number, currency: Currency): Money {
  return { amount, currency };
}
