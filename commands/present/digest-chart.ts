import type { Presentation } from '../../src/chat/command.ts';
import { formatMoney } from '../../src/chat/format.ts';
import type { ChartBlock } from '../../src/chat/reply.ts';
import type { DigestFacts } from '../facts/digest.ts';

/** AI beside mining; nothing where one of the revenues is unknown, since one bar compares nothing. */
export function digestChart({ digest: { ai, mining } }: DigestFacts, presentation: Presentation): ChartBlock[] {
  const { say } = presentation;
  if (ai.revenue === null || mining.revenue === null) return [];
  const businesses = [
    { name: say('AI (GPU rental)'), business: ai },
    { name: say('Mining'), business: mining },
  ];
  const series = [
    { name: say('Revenue'), of: 'revenue' },
    { name: say('Power'), of: 'power' },
    { name: say('Hardware margin'), of: 'margin' },
  ] as const;
  const figures = businesses.map(({ name, business }) => {
    const parts = series.map((line) => `${line.name} ${formatMoney(business[line.of], presentation)}`);
    return say('{name}: {figures}', { name, figures: parts.join(', ') });
  });
  return [
    {
      kind: 'chart',
      title: say('AI against mining'),
      alt: figures.join(say('; ')),
      form: 'bars',
      unit: ai.revenue.currency,
      along: { kind: 'names', names: businesses.map(({ name }) => name) },
      series: series.map(({ name, of }) => ({
        name,
        values: businesses.map(({ business }) => business[of]?.amount ?? null),
      })),
    },
  ];
}
