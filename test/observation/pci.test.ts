import { describe, expect, it } from 'vitest';
import type { CardModels } from '../../src/domain/observation/pci-cards.ts';
import { gib } from '../support/rigs.ts';
import { failedReading, node, nvidia, readingOf, rigOfTargets } from './readings.ts';

const modelsOf: CardModels = ({ vendor, device }) => {
  if (vendor !== '1002') return null;
  return { '67df': ['RX 570', 'RX 580'], '731f': ['RX 5700 XT'] }[device] ?? null;
};

interface Device {
  readonly bus: string;
  readonly vendor?: string;
  readonly device?: string;
  readonly class?: string;
  readonly parent?: string;
  readonly width?: number;
  readonly widthMax?: number;
  readonly transfers?: number;
}

/** Devices as node_exporter's pcidevice collector prints them; `bus` is `BB:DD`. */
function pci(...devices: readonly Device[]): string {
  return devices.flatMap(linesOf).join('\n').concat('\n');
}

function linesOf({
  bus,
  vendor = '0x1002',
  device = '0x67df',
  class: kind = '0x030000',
  parent,
  ...link
}: Device): string[] {
  const address = (prefix: string, at: string | undefined) => {
    const [number = '*', slot = '*'] = at?.split(':') ?? [];
    const isNone = at === undefined;
    return `${prefix}segment="${isNone ? '*' : '0000'}",${prefix}bus="${number}",${prefix}device="${slot}",${prefix}function="${isNone ? '*' : '0'}"`;
  };
  const own = address('', bus);
  const number = (name: string, value: number | undefined) =>
    value === undefined ? [] : [`node_pcidevice_${name}{${own}} ${value}`];
  return [
    `node_pcidevice_info{${own},${address('parent_', parent)},vendor_id="${vendor}",device_id="${device}",class_id="${kind}",revision="0xe7"} 1`,
    ...number('current_link_width', link.width),
    ...number('max_link_width', link.widthMax),
    ...number('current_link_transfers_per_second', link.transfers),
  ];
}

const rigOf = (text: string, context: Parameters<typeof rigOfTargets>[1] = {}) =>
  rigOfTargets([readingOf(text, { instance: 'a1:9100' })], { modelsOf, ...context });
const riser: Device = { bus: '03:00', width: 1, widthMax: 16, transfers: 2.5e9 };

describe('cards that the host alone lists', () => {
  it('are the cards of the rig, with a model only where there is no choice', () => {
    const { gpus } = rigOf(pci(riser, { bus: '06:00', device: '0x731f', width: 16, transfers: 16e9 }));
    expect(gpus).toMatchObject([
      { key: 'a1/0000:03:00.0', model: null, pcieWidth: 1, pcieWidthMax: 16, pcieGeneration: 1, hashrate: null },
      { key: 'a1/0000:06:00.0', model: 'RX 5700 XT', pcieWidth: 16, pcieWidthMax: null, pcieGeneration: 4 },
    ]);
    expect(gpus.map(({ state }) => state)).toEqual(['unknown', 'unknown']);
  });

  it.each<[string, Device]>([
    ['the graphics of a processor', { bus: '0b:00', device: '0x1638' }],
    ['the sound of a card', { bus: '03:00', class: '0x040300' }],
    ['a network card', { bus: '05:00', vendor: '0x8086', device: '0x1521', class: '0x020000' }],
  ])('%s is none', (_name, device) => {
    expect(rigOf(pci(device)).gpus).toEqual([]);
  });

  it('are none beside the cards that an exporter prints', () => {
    const targets = [readingOf(pci(riser), { instance: 'a1:9100' }), readingOf(nvidia({ uuid: 'aa', bus: '01:00.0' }))];
    expect(rigOfTargets(targets, { modelsOf }).gpus.map(({ key }) => key)).toEqual(['aa']);
  });

  it('lend the name of a card that was seen there, and stand for none that nobody can tell from them', () => {
    const before = rigOfTargets([readingOf(nvidia({ uuid: 'aa', index: 0, bus: '03:00.0' }))]).gpus;
    const failing = [failedReading(), readingOf(pci(riser), { instance: 'a1:9100' })];
    expect(rigOfTargets(failing, { modelsOf, known: before }).gpus).toMatchObject([{ key: 'aa', pcieWidth: 1 }]);
    const nameless = rigOfTargets([readingOf(nvidia({ uuid: '0', index: 0 }))]).gpus;
    expect(rigOfTargets(failing, { modelsOf, known: nameless }).gpus.map(({ key }) => key)).toEqual(['a1/#0']);
  });
});

describe('the link of a card', () => {
  const exporter = (...lines: readonly string[]) => readingOf(nvidia({ uuid: 'aa', bus: '03:00.0', lines }));

  it('is what its own exporter says, and where that says nothing, what the host says', () => {
    const host = readingOf(pci({ ...riser, vendor: '0x10de' }), { instance: 'a1:9100' });
    expect(rigOfTargets([exporter(), host]).gpus).toMatchObject([
      { pcieWidth: 1, pcieWidthMax: 16, pcieGeneration: 1 },
    ]);
    const lines = ['nvidia_smi_pcie_link_width_current 8', 'nvidia_smi_pcie_link_gen_current 3'];
    expect(rigOfTargets([exporter(...lines), host]).gpus).toMatchObject([
      { pcieWidth: 8, pcieWidthMax: 16, pcieGeneration: 3 },
    ]);
  });

  it('of an AMD card with a switch of its own is that of the switch to the slot', () => {
    const port = { device: '0x1478', class: '0x060400' } as const;
    const text = pci(
      { bus: '01:00', ...port, parent: '00:1c', width: 1, widthMax: 16, transfers: 8e9 },
      { bus: '02:00', ...port, parent: '01:00', width: 16, widthMax: 16, transfers: 16e9 },
      { bus: '03:00', device: '0x731f', parent: '02:00', width: 16, widthMax: 16, transfers: 16e9 },
      { bus: '00:1c', ...port, vendor: '0x8086', width: 4, widthMax: 4, transfers: 5e9 },
    );
    expect(rigOf(text).gpus).toMatchObject([{ bus: '0000:03:00.0', pcieWidth: 1, pcieGeneration: 3 }]);
  });

  it.each([0, -1, 63, 255])('of %d lanes is unknown', (width) => {
    expect(rigOf(pci({ ...riser, width })).gpus).toMatchObject([{ pcieWidth: null }]);
  });
});

describe('sensors of the kernel', () => {
  const chip = '0000:00:03_1_0000:03:00_0';
  const names = `node_hwmon_chip_names{chip="${chip}",chip_name="amdgpu"} 1\n`;
  const label = (sensor: string, text: string) =>
    `node_hwmon_sensor_label{chip="${chip}",sensor="${sensor}",label="${text}"} 1\n`;
  const sensors =
    `${label('temp1', 'edge')}${label('temp3', 'mem')}${label('temp2', 'junction')}` +
    `node_hwmon_temp_celsius{chip="${chip}",sensor="temp1"} 61\n` +
    `node_hwmon_temp_celsius{chip="${chip}",sensor="temp2"} 75\n` +
    `node_hwmon_temp_celsius{chip="${chip}",sensor="temp3"} 82\n` +
    `node_hwmon_power_average_watt{chip="${chip}",sensor="power1"} 118.5\n`;

  it('are those of the card at the address that the chip ends in', () => {
    const { gpus } = rigOf(names + sensors + pci(riser, { bus: '06:00' }));
    expect(gpus).toMatchObject([
      { bus: '0000:03:00.0', coreTemperatureCelsius: 61, memoryTemperatureCelsius: 82, powerWatts: 118.5 },
      { bus: '0000:06:00.0', coreTemperatureCelsius: null, powerWatts: null },
    ]);
  });

  it('of a chip of another name, or of none, are no card', () => {
    expect(rigOf(sensors + pci(riser)).gpus).toMatchObject([{ coreTemperatureCelsius: null, powerWatts: null }]);
    const other = names.replace('amdgpu', 'nvme');
    expect(rigOf(other + sensors + pci(riser)).gpus).toMatchObject([{ coreTemperatureCelsius: null }]);
  });
});

describe('memory of the graphics driver', () => {
  const size = (card: string, bytes: number) => `node_drm_memory_vram_size_bytes{card="${card}"} ${bytes}\n`;
  const two = pci(riser, { bus: '06:00' });
  const sizes = (text: string) => rigOf(text).gpus.map(({ vramTotalBytes }) => vramTotalBytes);

  it.each<[string, string, readonly (number | null)[]]>([
    ['as many, and all of one size', two + size('card0', gib(8)) + size('card1', gib(8)), [gib(8), gib(8)]],
    ['two sizes: which is whose is unknown', two + size('card0', gib(8)) + size('card1', gib(4)), [null, null]],
    ['fewer', two + size('card0', gib(8)), [null, null]],
    [
      'more: one of them may be the graphics of the processor',
      pci(riser, { bus: '0b:00', device: '0x1638' }) + size('card0', gib(8)) + size('card1', gib(8)),
      [null],
    ],
    ['a size of 0', pci(riser) + size('card0', 0), [null]],
  ])('%s', (_name, text, expected) => {
    expect(sizes(text)).toEqual(expected);
  });

  it('belongs to the card at its address, where that is printed', () => {
    const chip = (card: string, bus: string) =>
      `node_drm_card_info{card="${card}",chip="0000:00:03_1_0000:${bus}:00_0"} 1\n`;
    const text = two + chip('card0', '06') + chip('card1', '03') + size('card0', gib(8)) + size('card1', gib(4));
    expect(sizes(text)).toEqual([gib(4), gib(8)]);
  });

  it("is not another maker's", () => {
    const trex = 'trex_gpu_hashrate{device_id="0",name="RTX 3090",worker="a1"} 6e7\n';
    const lolminer = 'lolminer_gpu_info{gpu_index="0",name="Radeon RX 580"} 1\n';
    const target = (text: string) => rigOfTargets([readingOf(text + node('a1') + size('card0', gib(8)))]).gpus;
    expect(target(trex)).toMatchObject([{ vramTotalBytes: null }]);
    expect(target(lolminer)).toMatchObject([{ vramTotalBytes: gib(8) }]);
    const buses = pci({ bus: '01:00', vendor: '0x10de', device: '0x2204' }, { bus: '0b:00', device: '0x1638' });
    expect(target(trex + buses)).toMatchObject([{ vramTotalBytes: null }]);
    expect(target(lolminer + buses)).toMatchObject([{ vramTotalBytes: null }]);
  });
});
