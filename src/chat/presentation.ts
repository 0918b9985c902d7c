import type { Presentation } from './command.ts';
import type { Say } from './languages/say.ts';

export interface PresentationOptions {
  /** Of those who ask in a locale that does not exist. */
  readonly locale: string;
  readonly timeZone: string;
  /** Unix ms. */
  readonly clock: { now(): number };
  readonly sayIn: (locale: string) => Say;
}

/** How to print for any locale, as it is at the moment of the call. */
export function createPresentation(options: PresentationOptions): (locale: string) => Presentation {
  const { timeZone, clock, sayIn } = options;
  return (asked) => {
    const locale = existingLocale(asked) ?? options.locale;
    return { locale, timeZone, nowMs: clock.now(), say: sayIn(locale) };
  };
}

/** The canonical name of a locale that Intl can print for, else null. */
function existingLocale(locale: string): string | null {
  try {
    return Intl.NumberFormat.supportedLocalesOf(locale)[0] ?? null;
  } catch {
    return null;
  }
}
