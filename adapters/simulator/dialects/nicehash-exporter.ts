import { Exposition, labels, type Row } from '../exposition.ts';
import type { CardReading, RigReading } from '../reading.ts';

const processor = 'AMD Ryzen 5 3500 6-Core Processor';

/** What NiceHash's service says of its rigs: devices by name alone, processors among them, -1 for what it does not know. */
export function renderNicehashExporter(all: readonly RigReading[]): string {
  const page = new Exposition();
  const rigs = all.filter(({ cards }) => cards.length > 0);
  const devices = rigs.flatMap(({ rig, cards }) => cards.map((card) => ({ rig, card })));
  const gauge = (name: string, ofProcessor: number, value: (card: CardReading) => number) =>
    page.gauge(`nicehash_device_${name}`, `${name} of a device`, [
      ...rigs.map(({ rig }): Row => [labels({ rig: rig.name, device: processor, status: 'DISABLED' }), ofProcessor]),
      ...devices.map(
        ({ rig, card }): Row => [
          labels({ rig: rig.name, device: deviceName(rig.index, card), status: statusOf(card) }),
          value(card),
        ],
      ),
    ]);
  page.gauge('nicehash_active_devices', 'active devices', [
    ['', devices.filter(({ card }) => card.activity === 'mining').length],
  ]);
  gauge('temperature', -1, ({ coreCelsius }) => coreCelsius);
  gauge('load', 8, ({ utilisation }) => Math.round(utilisation * 100));
  // A device that is switched off has no speed; that of one between two jobs is 0.
  page.gauge(
    'nicehash_device_speed',
    'speed of a device',
    devices.map(({ rig, card }) => [
      labels({
        rig: rig.name,
        device: deviceName(rig.index, card),
        algo: (rig.kind.algorithm ?? '').toUpperCase(),
      }),
      (card.hashesPerSecond / 1e6).toFixed(8),
    ]),
  );
  return page.text();
}

function deviceName(rig: number, { card }: CardReading): string {
  return `V_ID_${9_000 + ((rig * 37 + card.bus * 11) % 900)} ${card.model.name}`;
}

function statusOf({ activity }: CardReading): string {
  return activity === 'mining' ? 'MINING' : 'STOPPED';
}
