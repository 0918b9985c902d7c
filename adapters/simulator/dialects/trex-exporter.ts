import { Exposition, labels, type Row } from '../exposition.ts';
import { type CardReading, minerIndex, type RigReading } from '../reading.ts';
import { hashesPerShare } from '../shares.ts';

type CardGauge = readonly [name: string, help: string, value: (reading: CardReading, rig: RigReading) => number];

const cardGauges: readonly CardGauge[] = [
  ['accepted_count', 'gpu accepted count', ({ hashesCounted }) => acceptedShares(hashesCounted)],
  ['fan_speed', 'gpu fan speed', ({ coreCelsius }) => Math.min(100, Math.max(30, coreCelsius + 8))],
  ['hashrate', 'hashrate of the gpu', ({ hashesPerSecond }) => Math.round(hashesPerSecond)],
  [
    'invalid_count',
    'gpu invalid count',
    ({ card, hashesCounted }) => (card.hot ? Math.floor(hashesCounted / hashesPerShare / 90) : 0),
  ],
  ['lhr_lock_count', 'gpu lhr lock count', () => 0],
  ['lhr_tune', 'gpu lhr tune', () => 0],
  // 0 where the card has no readable sensor.
  ['memory_temperature', 'gpu memory temperature', ({ memoryCelsius }) => memoryCelsius ?? 0],
  ['power', 'gpu power', powerOf],
  ['rejected_count', 'gpu rejected count', ({ hashesCounted }) => rejectedShares(hashesCounted)],
  ['temperature', 'gpu temperature', ({ coreCelsius }) => coreCelsius],
];

/** trex_exporter: gauges throughout, counts as well; the algorithm is not said. Shows the cards that the miner has. */
export function renderTrexExporter(reading: RigReading): string {
  const page = new Exposition();
  const worker = labels({ worker: reading.rig.name });
  const cards = reading.cards.filter(({ activity }) => activity !== 'rented');
  for (const [name, help, value] of cardGauges) {
    page.gauge(
      `trex_gpu_${name}`,
      help,
      cards.map((card): Row => [cardLabels(reading, card), value(card, reading)]),
    );
  }
  const total = (value: (card: CardReading) => number) => cards.reduce((sum, card) => sum + value(card), 0);
  page.gauge('trex_gpu_total', 'number of gpus', [[worker, cards.length]]);
  page.gauge('trex_ping', 'ping between machine and stratum server', [[worker, 31 + (reading.rig.index % 9)]]);
  page.gauge('trex_rejected_count', 'rejected share count', [
    [worker, total(({ hashesCounted }) => rejectedShares(hashesCounted))],
  ]);
  page.gauge('trex_solved_count', 'solved block count', [[worker, 0]]);
  page.gauge('trex_total_hashrate', 'hashrate of the worker', [
    [worker, total(({ hashesPerSecond }) => Math.round(hashesPerSecond))],
  ]);
  return page.sortedText();
}

function cardLabels(reading: RigReading, card: CardReading): string {
  return labels({ device_id: minerIndex(reading, card), name: card.card.model.shortName, worker: reading.rig.name });
}

/** Turing cards of the rig without a driver's exporter do not tell T-Rex their power: 0, which means unknown. */
function powerOf({ card, watts }: CardReading, { rig }: RigReading): number {
  const unknown = !rig.kind.exporters.includes('nvidia_gpu_exporter') && card.model.computeCapability < 8;
  return unknown ? 0 : Math.round(watts);
}

function acceptedShares(hashes: number): number {
  return Math.floor(hashes / hashesPerShare) - rejectedShares(hashes);
}

function rejectedShares(hashes: number): number {
  return Math.floor(hashes / hashesPerShare / 170);
}
