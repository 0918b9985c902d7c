/** The few words that a chart adds to what it is given. */
export interface ChartWords {
  readonly unknown: string;
  /** What gaps and question marks mean. */
  readonly gaps: string;
  readonly nothing: string;
  readonly more: (count: number) => string;
  readonly to: string;
}

const english: ChartWords = {
  unknown: 'unknown',
  gaps: 'Gaps and ? are unknown, not 0.',
  nothing: 'nothing to show',
  more: (count) => `and ${count} more`,
  to: 'to',
};

const french: ChartWords = {
  unknown: 'inconnu',
  gaps: 'Les vides et les « ? » sont inconnus, et non 0.',
  nothing: 'rien à afficher',
  more: (count) => `et ${count} de plus`,
  to: 'à',
};

/** In the language of the locale; English where there is no other. */
export function chartWords(locale: string): ChartWords {
  return new Intl.Locale(locale).language === 'fr' ? french : english;
}
