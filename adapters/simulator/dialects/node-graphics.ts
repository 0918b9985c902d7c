import { type Exposition, labels, type Row } from '../exposition.ts';
import type { CardReading, RigReading } from '../reading.ts';

/** Transfers per second of a lane by generation. */
const transfers = [2.5e9, 5e9, 8e9, 1.6e10, 3.2e10] as const;

interface PciFunction {
  readonly bus: number;
  readonly device: number;
  readonly parent: { readonly bus: number; readonly device: number };
  readonly class: string;
  readonly vendor: number;
  readonly id: number;
  readonly revision: string;
  readonly subsystem: readonly [vendor: string, device: string];
  readonly width: number;
  readonly widthMax: number;
  /** 0 where the kernel does not say. */
  readonly generation: number;
  readonly generationMax: number;
}

/** The opt-in collector: the cards, with what they hang on where that is of interest. */
export function addPciDevices(page: Exposition, reading: RigReading): void {
  const functions = reading.rig.kind.host.amdgpu === true ? amdFunctions(reading) : reading.cards.map(plainFunction);
  page.gauge(
    'node_pcidevice_info',
    'Non-numeric data from /sys/bus/pci/devices/<location>, value is always 1.',
    functions.map((one) => [pciInfo(one), 1]),
  );
  const gauges: readonly (readonly [string, string, (one: PciFunction) => number])[] = [
    [
      'current_link_transfers_per_second',
      "Value of current link's transfers per second (T/s)",
      ({ generation }) => transferRate(generation),
    ],
    ['current_link_width', "Value of current link's width (number of lanes)", ({ width }) => width],
    [
      'max_link_transfers_per_second',
      "Value of maximum link's transfers per second (T/s)",
      ({ generationMax }) => transferRate(generationMax),
    ],
    ['max_link_width', "Value of maximum link's width (number of lanes)", ({ widthMax }) => widthMax],
  ];
  for (const [name, help, value] of gauges) {
    page.gauge(
      `node_pcidevice_${name}`,
      help,
      functions.map((one) => [
        labels({ bus: hexByte(one.bus), device: hexByte(one.device), function: 0, segment: '0000' }),
        value(one),
      ]),
    );
  }
}

/** Each card behind a bridge of its own, which is not printed. */
function plainFunction({ card, pcieGeneration }: CardReading): PciFunction {
  const isHeadless = card.model.pcieLanes === 4;
  return {
    bus: card.bus,
    device: 0,
    parent: { bus: 0, device: (card.index + 1) % 32 },
    class: isHeadless ? '0x030200' : '0x030000',
    vendor: card.model.pciDeviceId % 2 ** 16,
    id: Math.floor(card.model.pciDeviceId / 2 ** 16),
    revision: '0xa1',
    subsystem: ['0x1458', '0x4005'],
    width: card.lanes,
    widthMax: card.lanesMax,
    generation: pcieGeneration,
    generationMax: card.model.pcieGeneration,
  };
}

/** Behind a card's own switch nothing ever slows down. */
const inner = { width: 16, widthMax: 16, generation: 4, generationMax: 4 } as const;

/** Graphics of an Intel processor. */
const processorGraphics: PciFunction = {
  bus: 0,
  device: 2,
  parent: { bus: 0, device: 0 },
  class: '0x030000',
  vendor: 0x8086,
  id: 0x9ba8,
  revision: '0x03',
  subsystem: ['0x1849', '0x9ba8'],
  width: 0,
  widthMax: 0,
  generation: 0,
  generationMax: 0,
};

/**
 * AMD's cards carry a switch: the link to the slot is that of its upper port, two buses before the card's own, which always
 * runs at full width and speed. The processor's graphics stand beside them and are no card.
 */
function amdFunctions({ cards }: RigReading): PciFunction[] {
  const ofCards = cards.flatMap((reading): PciFunction[] => {
    const card = plainFunction(reading);
    const { bus } = card;
    const bridge = { ...card, class: '0x060400', revision: '0xc3', subsystem: ['0x0000', '0x0000'] } as const;
    return [
      { ...bridge, id: 0x1478, bus: bus - 2 },
      { ...bridge, ...inner, id: 0x1479, bus: bus - 1, parent: { bus: bus - 2, device: 0 } },
      { ...card, ...inner, revision: '0xc3', parent: { bus: bus - 1, device: 0 }, subsystem: ['0x1da2', '0x440f'] },
    ];
  });
  return [processorGraphics, ...ofCards];
}

function pciInfo(one: PciFunction): string {
  const [subsystemVendor, subsystemDevice] = one.subsystem;
  return labels({
    bus: hexByte(one.bus),
    class_id: one.class,
    device: hexByte(one.device),
    device_id: `0x${one.id.toString(16).padStart(4, '0')}`,
    function: 0,
    parent_bus: hexByte(one.parent.bus),
    parent_device: hexByte(one.parent.device),
    parent_function: 0,
    parent_segment: '0000',
    revision: one.revision,
    segment: '0000',
    subsystem_device_id: subsystemDevice,
    subsystem_vendor_id: subsystemVendor,
    vendor_id: `0x${one.vendor.toString(16).padStart(4, '0')}`,
  });
}

function transferRate(generation: number): number {
  return generation === 0 ? -1 : (transfers[generation - 1] ?? transfers[0]);
}

const mib = 2 ** 20;

/** `--collector.drm`: cards by the graphics driver's number, which begins with the processor's graphics. */
export function addDrmCards(page: Exposition, { cards }: RigReading): void {
  const cardName = ({ card }: CardReading) => `card${card.index + 1}`;
  const gauge = (name: string, help: string, value: (reading: CardReading) => number) =>
    page.gauge(
      `node_drm_${name}`,
      help,
      cards.map((reading): Row => [labels({ card: cardName(reading) }), value(reading)]),
    );
  page.gauge(
    'node_drm_card_info',
    'Card information',
    cards.map(
      (reading): Row => [
        labels({
          card: cardName(reading),
          chip: chipOf(reading),
          memory_vendor: 'samsung',
          power_performance_level: 'manual',
          unique_id: reading.card.uuid.slice(0, 13).replace('-', ''),
          vendor: 'amd',
        }),
        1,
      ],
    ),
  );
  gauge('gpu_busy_percent', 'How busy the GPU is as a percentage.', ({ utilisation }) => Math.round(utilisation * 100));
  gauge('memory_vram_size_bytes', 'The size of VRAM in bytes.', ({ card }) => card.model.vramMib * mib);
  gauge('memory_vram_used_bytes', 'The used amount of VRAM in bytes.', ({ process }) => (process?.usedMib ?? 17) * mib);
}

/** What the cards' own sensors add to the host's: rows by family. */
export interface GraphicsSensors {
  readonly chipNames: readonly Row[];
  readonly temperatures: readonly Row[];
}

/** Sensors as amdgpu names them. */
const temperatures = ['edge', 'junction', 'mem'] as const;

export function graphicsSensors({ cards }: RigReading): GraphicsSensors {
  return {
    chipNames: cards.map((reading): Row => [labels({ chip: chipOf(reading), chip_name: 'amdgpu' }), 1]),
    temperatures: cards.flatMap((reading) =>
      temperatures.map(
        (text, at): Row => [labels({ chip: chipOf(reading), sensor: `temp${at + 1}` }), celsiusOf(reading, text)],
      ),
    ),
  };
}

export function addGraphicsPower(page: Exposition, { cards }: RigReading): void {
  const label = (reading: CardReading, text: string, sensor: string): Row => [
    labels({ chip: chipOf(reading), label: text, sensor }),
    1,
  ];
  page.gauge(
    'node_hwmon_power_average_watt',
    'Hardware monitor for power usage in watts (average)',
    cards.map((reading): Row => [labels({ chip: chipOf(reading), sensor: 'power1' }), Math.round(reading.watts)]),
  );
  page.gauge(
    'node_hwmon_sensor_label',
    'Label for given chip and sensor',
    cards.flatMap((reading) => [
      label(reading, 'PPT', 'power1'),
      ...temperatures.map((text, at) => label(reading, text, `temp${at + 1}`)),
    ]),
  );
}

function celsiusOf({ coreCelsius, memoryCelsius }: CardReading, sensor: (typeof temperatures)[number]): number {
  if (sensor === 'mem') return memoryCelsius ?? 0;
  return sensor === 'edge' ? coreCelsius : coreCelsius + 14;
}

/** Addresses of the port above and of the card itself, as node_exporter joins them. */
function chipOf({ card }: CardReading): string {
  const address = (bus: number) => `0000:${hexByte(bus)}:00_0`;
  return `${address(card.bus - 1)}_${address(card.bus)}`;
}

function hexByte(value: number): string {
  return value.toString(16).padStart(2, '0');
}
