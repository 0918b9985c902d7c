import type { Presentation } from '../../src/chat/command.ts';
import { formatMoney } from '../../src/chat/format.ts';
import type { ChartBlock } from '../../src/chat/reply.ts';
import { ways } from '../../src/fleet/profit-facts.ts';
import type { ProfitFacts } from '../facts/profit.ts';
import { wayAsTitle } from './ways.ts';

/** Net per day by way; nothing where fewer than two are known, since one bar compares nothing. */
export function profitChart({ perDay, currency }: ProfitFacts, presentation: Presentation): ChartBlock[] {
  const { say } = presentation;
  const names = ways.map((way) => say(wayAsTitle, { way }));
  const nets = ways.map((way) => perDay[way].net);
  if (nets.filter((net) => net !== null).length < 2) return [];
  return [
    {
      kind: 'chart',
      title: say('Net per day by way, est.'),
      alt: names.map((name, index) => `${name} ${formatMoney(nets[index] ?? null, presentation)}`).join(', '),
      form: 'bars',
      unit: say('{currency} per day', { currency }),
      along: { kind: 'names', names },
      series: [{ name: say('Net'), values: nets.map((net) => net?.amount ?? null) }],
    },
  ];
}
