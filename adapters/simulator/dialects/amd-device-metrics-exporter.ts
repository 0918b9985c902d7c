import { Exposition, labels, type Row } from '../exposition.ts';
import type { CardReading, RigReading } from '../reading.ts';

/** What amd-smi gives for "not available" in a field of 16 bits. */
const notAvailable = 65_535;

type CardGauge = readonly [name: string, help: string, value: (reading: CardReading) => number];

const usedMib = ({ card, process }: CardReading) => (process?.usedMib ?? 0) + Math.round(card.model.vramMib * 0.001);
/** GT/s of a lane by generation. */
const transfers = [2.5, 5, 8, 16, 32] as const;
const gigatransfers = (generation: number) => transfers[generation - 1] ?? transfers[0];

/** Names since 1.0. The MI300 family measures no edge: junction stands for it. */
const newerGauges: readonly CardGauge[] = [
  ['gpu_ecc_correct_total', 'Total Correctable error count', () => 0],
  ['gpu_ecc_uncorrect_total', 'Total Uncorrectable error count', () => 0],
  ['gpu_edge_temperature', 'Current edge temperature in celsius', () => notAvailable],
  [
    'gpu_energy_consumed',
    'Accumulated energy consumed by the GPU in uJ',
    ({ joulesCounted }) => Math.round(joulesCounted * 1e6),
  ],
  ['gpu_free_vram', 'Free VRAM memory of the GPU (in MB)', (reading) => reading.card.model.vramMib - usedMib(reading)],
  [
    'gpu_gfx_activity',
    'Graphics engine usage in percentage (0 - 100)',
    ({ utilisation }) => Math.round(utilisation * 100),
  ],
  ['gpu_junction_temperature', 'Current junction/hotspot temperature in celsius', ({ coreCelsius }) => coreCelsius],
  ['gpu_memory_temperature', 'Current memory temperature in celsius', ({ memoryCelsius }) => memoryCelsius ?? 0],
  ['gpu_package_power', 'Current socket power in Watts', ({ watts }) => Math.round(watts)],
  ['gpu_power_usage', 'Power usage in Watts', ({ watts }) => Math.round(watts)],
  ['gpu_total_vram', 'Total VRAM memory of the GPU (in MB)', ({ card }) => card.model.vramMib],
  ['gpu_used_vram', 'Used VRAM memory of the GPU (in MB)', usedMib],
  ['gpu_violation_processor_hot_residency_percentage', 'Processor hot residency in percentage', () => 0],
  ['gpu_violation_socket_thermal_residency_percentage', 'Socket thermal residency in percentage', () => 0],
  ['pcie_max_speed', 'Maximum PCIe speed in GT/s', ({ card }) => gigatransfers(card.generationMax)],
  ['pcie_replay_count', 'Total number of PCIe replays', () => 0],
  ['pcie_speed', 'Current PCIe speed in GT/s', ({ pcieGeneration }) => gigatransfers(pcieGeneration)],
];

/** As the recorded sample has them; its memory counts 10^6 bytes. */
const olderGauges: readonly CardGauge[] = [
  ['gpu_average_package_power', 'Average package power in Watts', ({ watts }) => Math.round(watts)],
  ['gpu_power_usage', 'power usage in Watts', ({ watts }) => Math.round(watts)],
  [
    'gpu_total_memory',
    'total VRAM memory of the GPU (in MB)',
    ({ card }) => Math.round((card.model.vramMib * 2 ** 20) / 1e6),
  ],
  [
    'gpu_usage',
    'Current usage as percentage of time the GPU is busy.',
    ({ utilisation }) => Math.round(utilisation * 100),
  ],
];

/** device-metrics-exporter of AMD Instinct cards, by its newer names or its older ones. */
export function renderAmdDeviceMetricsExporter(reading: RigReading): string {
  const page = new Exposition();
  const isOlder = reading.rig.kind.amdNames === 'older';
  for (const [name, help, value] of isOlder ? olderGauges : newerGauges) {
    page.gauge(
      name,
      help,
      reading.cards.map((card): Row => [isOlder ? olderLabels(card) : newerLabels(reading, card), value(card)]),
    );
  }
  page.gauge('gpu_nodes_total', 'Number of nodes with GPUs', [['', 1]]);
  return page.sortedText();
}

function newerLabels({ rig }: RigReading, { card, process }: CardReading): string {
  const holder = process === null ? null : `llama-${card.index}`;
  return labels({
    card_model: '102-G30211-0C',
    card_series: card.model.name,
    container: holder === null ? '' : 'main',
    driver_version: '6.12.12',
    gpu_id: card.index,
    hostname: rig.name,
    namespace: holder === null ? '' : 'ai',
    pcie_bus_id: `0000:${card.bus.toString(16).padStart(2, '0')}:00.0`,
    pod: holder ?? '',
    serial_number: serialOf(card.uuid),
    vbios_version: '113-M3000100-102',
  });
}

/** Of the card they know two names and nothing else. */
function olderLabels({ card }: CardReading): string {
  return labels({ GPU_UUID: card.uuid, SERIAL_NUMBER: serialOf(card.uuid) });
}

function serialOf(uuid: string): string {
  return `69${String(Number.parseInt(uuid.slice(0, 8), 16)).padStart(10, '0')}`;
}
