import { atTheWall } from '../account.ts';
import { type Exposition, labels } from '../exposition.ts';
import type { RigReading } from '../reading.ts';

const help = 'Metric read from /var/lib/node_exporter/rig.prom';

/** What the operator prints of his rig himself, through the textfile collector: a card that is rented out hashes nothing. */
export function addOwnFigures(page: Exposition, { rig, cards, rentedCards, revenueUsd }: RigReading): void {
  const { textfile } = rig.kind;
  if (textfile === undefined) return;
  const { platform } = textfile;
  const watts = cards.reduce((sum, card) => sum + card.watts, 0);
  page.gauge(
    'rig_hashrate',
    help,
    cards.map(({ card, hashesPerSecond }) => [
      labels({ coin: 'RVN', gpu: card.index, rig: rig.name }),
      Math.round(hashesPerSecond),
    ]),
  );
  page.gauge('rig_power_watts', help, [[labels({ rig: rig.name }), Number(atTheWall(rig, watts, 1).toFixed(1))]]);
  page.gauge('rig_rented_gpus', help, [[labels({ platform, rig: rig.name }), rentedCards]]);
  page.counter('rig_revenue_usd_total', help, [[labels({ platform, rig: rig.name }), Number(revenueUsd.toFixed(4))]]);
}
