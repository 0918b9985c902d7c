import { Exposition, labels, type Row } from '../exposition.ts';
import type { CardReading, RigReading } from '../reading.ts';

/** A panel that an operator wrote for himself: names and units of his own, told to Rigshift in `metrics.dialects`. */
export const farmxDialect = {
  id: 'farmx',
  cards: { slot: 'gpu', index: 'gpu', model: 'card', coin: 'coin' },
  series: {
    farmx_gpu_khs: { signal: 'hashrate', unit: 'kH/s' },
    farmx_gpu_milliwatts: { signal: 'powerWatts', unit: 'mW', unknown: 0 },
    farmx_gpu_temp: 'coreTemperatureCelsius',
    farmx_gpu_load: { signal: 'utilisationRatio', unit: 'percent' },
  },
} as const;

export function renderFarmxExporter(reading: RigReading): string {
  const page = new Exposition();
  const gauge = (name: keyof typeof farmxDialect.series, help: string, value: (card: CardReading) => number) =>
    page.gauge(
      name,
      help,
      reading.cards.map(
        (one): Row => [labels({ gpu: one.card.index, card: one.card.model.name, coin: 'etc' }), value(one)],
      ),
    );
  gauge('farmx_gpu_khs', 'kH/s of a card', ({ hashesPerSecond }) => Number((hashesPerSecond / 1e3).toFixed(2)));
  gauge('farmx_gpu_load', 'load of a card in percent', ({ utilisation }) => Math.round(utilisation * 100));
  gauge('farmx_gpu_milliwatts', 'power of a card in mW', ({ watts }) => Math.round(watts * 1e3));
  gauge('farmx_gpu_temp', 'temperature of a card in C', ({ coreCelsius }) => coreCelsius);
  return page.text();
}
