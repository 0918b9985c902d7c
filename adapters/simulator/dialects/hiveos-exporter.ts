import { Exposition, labels, type Row } from '../exposition.ts';
import type { CardReading, RigReading } from '../reading.ts';

const coins: Readonly<Record<string, string>> = { kawpow: 'RVN', etchash: 'ETC' };
const perUnit = { 'kH/s': 1e3, 'MH/s': 1e6 } as const;

/**
 * hiveos-exporter for many rigs: a card's hashrate in the unit of the miner's script, the miner's total in H/s; what is no
 * GPU has the brand `unknown` and the number of one. A rig that is off is not printed.
 */
export function renderHiveosExporter(all: readonly RigReading[]): string {
  const page = new Exposition();
  const rigs = all.filter(({ cards }) => cards.length > 0);
  const gauge = (name: string, help: string, value: (card: CardReading) => number | null) =>
    page.gauge(
      `hiveos_gpu_${name}`,
      help,
      rigs.flatMap((rig) =>
        rig.cards.flatMap((card): Row[] => {
          const known = value(card);
          return known === null ? [] : [[labels(cardLabels(rig, card)), known]];
        }),
      ),
    );
  gauge('fan', 'GPU Fan Speed', ({ coreCelsius }) => Math.min(100, coreCelsius + 8));
  gauge('core_temp', 'GPU Core Temp', ({ coreCelsius }) => coreCelsius);
  page.gauge('hiveos_gpu_hashrate', 'GPU Hashrate', rigs.flatMap(hashrates));
  gauge('load', 'GPU load utilization', ({ utilisation }) => Math.round(utilisation * 100));
  gauge('mem_temp', 'GPU Memory Temperature', ({ memoryCelsius }) => memoryCelsius);
  gauge('power_watts', 'GPU Power Consumption', ({ watts }) => Math.round(watts));
  page.gauge(
    'hiveos_cpu_temp',
    'CPU Temperature',
    rigs.map(({ rig }) => [labels({ rig: rig.name, cpu: 0 }), 47]),
  );
  page.gauge('hiveos_miner_hashrate', 'Hashrate', rigs.map(total));
  return page.text();
}

function hashrates(reading: RigReading): Row[] {
  const { service } = reading.rig.kind;
  const unit = service?.exporter === 'hiveos_exporter' ? service.unit : 'kH/s';
  const rows = reading.cards.map((card): Row => {
    const value = card.hashesPerSecond / perUnit[unit];
    return [labels({ ...cardLabels(reading, card), ...minerLabels(reading) }), Number(value.toFixed(3))];
  });
  return unit === 'kH/s' ? [...rows, strangerRow(reading)] : rows;
}

/** Something that hashes beside the cards and is none. */
function strangerRow(reading: RigReading): Row {
  const stranger = { rig: reading.rig.name, card: 0, model: 'unknown', brand: 'unknown', vendor: 'unknown' };
  return [labels({ ...stranger, ...minerLabels(reading) }), 9.4];
}

function total(reading: RigReading): Row {
  const hashes = reading.cards.reduce((sum, { hashesPerSecond }) => sum + hashesPerSecond, 0);
  return [labels({ rig: reading.rig.name, ...minerLabels(reading) }), Math.round(hashes)];
}

function cardLabels({ rig }: RigReading, { card }: CardReading) {
  const isAmd = card.model.name.startsWith('AMD');
  return {
    rig: rig.name,
    card: card.index,
    model: card.model.name.replace(/^(?:NVIDIA|AMD) /, ''),
    brand: isAmd ? 'amd' : 'nvidia',
    vendor: isAmd ? 'Sapphire' : 'Gigabyte',
  };
}

function minerLabels({ rig }: RigReading) {
  const miner = rig.kind.algorithm === 'kawpow' ? 't-rex' : 'lolminer';
  return { coin: coins[rig.kind.algorithm ?? ''] ?? '', miner, miner_version: '1.0' };
}
