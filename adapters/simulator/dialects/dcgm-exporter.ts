import { Exposition, type MetricType } from '../exposition.ts';
import type { CardReading, RigReading } from '../reading.ts';
import type { RigKind } from '../rig-kinds.ts';

/** What DCGM prints for an integer field that the card does not support; newer exporters print 0 instead. */
const notSupported = '9223372036854775794';
const reservedMib = 470;

type Settings = NonNullable<RigKind['dcgm']>;
type Field = readonly [
  name: string,
  type: MetricType,
  help: string,
  text: (reading: CardReading, settings: Settings) => string | null,
];

const zero = () => '0';
const integer = (value: number) => String(Math.round(value));
/** Fields of type double have six decimals. */
const double = (value: number) => value.toFixed(6);
const usedMib = ({ process }: CardReading) => process?.usedMib ?? 0;
const ifEcc = ({ card }: CardReading) => (card.model.ecc ? '0' : null);

/** The default counters in their order, without the profiling fields: those need data-centre cards. */
const fields: readonly Field[] = [
  [
    'DCGM_FI_DEV_SM_CLOCK',
    'gauge',
    'SM clock frequency (in MHz).',
    ({ card, loaded }) => integer(loaded ? card.model.maxGraphicsMhz * 0.82 : 210),
  ],
  [
    'DCGM_FI_DEV_MEM_CLOCK',
    'gauge',
    'Memory clock frequency (in MHz).',
    ({ card, loaded }) => integer(loaded ? card.model.maxMemoryMhz - 250 : 405),
  ],
  [
    'DCGM_FI_DEV_MEMORY_TEMP',
    'gauge',
    'Memory temperature (in C).',
    (_reading, { hostnameLabel }) => (hostnameLabel === 'hostname' ? '0' : notSupported),
  ],
  ['DCGM_FI_DEV_GPU_TEMP', 'gauge', 'GPU temperature (in C).', ({ coreCelsius }) => integer(coreCelsius)],
  ['DCGM_FI_DEV_POWER_USAGE', 'gauge', 'Power draw (in W).', ({ watts }) => double(watts)],
  [
    'DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION',
    'counter',
    'Total energy consumption since boot (in mJ).',
    ({ card, joules }) => integer((card.joulesBefore + joules) * 1000),
  ],
  ['DCGM_FI_DEV_PCIE_REPLAY_COUNTER', 'counter', 'Total number of PCIe retries.', zero],
  ['DCGM_FI_DEV_GPU_UTIL', 'gauge', 'GPU utilization (in %).', ({ utilisation }) => integer(utilisation * 100)],
  ['DCGM_FI_DEV_MEM_COPY_UTIL', 'gauge', 'Memory utilization (in %).', ({ utilisation }) => integer(utilisation * 71)],
  ['DCGM_FI_DEV_ENC_UTIL', 'gauge', 'Encoder utilization (in %).', zero],
  ['DCGM_FI_DEV_DEC_UTIL', 'gauge', 'Decoder utilization (in %).', zero],
  ['DCGM_FI_DEV_XID_ERRORS', 'gauge', 'Value of the last XID error encountered.', zero],
  [
    'DCGM_FI_DEV_FB_FREE',
    'gauge',
    'Framebuffer memory free (in MiB).',
    (reading) => integer(reading.card.model.vramMib - reservedMib - usedMib(reading)),
  ],
  ['DCGM_FI_DEV_FB_USED', 'gauge', 'Framebuffer memory used (in MiB).', (reading) => integer(usedMib(reading))],
  [
    'DCGM_FI_DEV_FB_RESERVED',
    'gauge',
    'Framebuffer memory reserved (in MiB).',
    (_reading, { reserved }) => (reserved ? String(reservedMib) : null),
  ],
  ['DCGM_FI_DEV_VGPU_LICENSE_STATUS', 'gauge', 'vGPU License status', zero],
  ['DCGM_FI_DEV_UNCORRECTABLE_REMAPPED_ROWS', 'counter', 'Number of remapped rows for uncorrectable errors', ifEcc],
  ['DCGM_FI_DEV_CORRECTABLE_REMAPPED_ROWS', 'counter', 'Number of remapped rows for correctable errors', ifEcc],
  ['DCGM_FI_DEV_ROW_REMAP_FAILURE', 'gauge', 'Whether remapping of rows has failed', ifEcc],
];

/** dcgm-exporter with its default counters: no compute capability, no processes, no PCIe link. */
export function renderDcgmExporter(reading: RigReading): string {
  const page = new Exposition();
  const settings = reading.rig.kind.dcgm ?? { hostnameLabel: 'Hostname', reserved: true };
  for (const [name, type, help, text] of fields) {
    page.family(
      name,
      type,
      help,
      reading.cards.flatMap((card): [string, string][] => {
        const value = text(card, settings);
        return value === null ? [] : [[cardLabels(reading, card, settings), value]];
      }),
    );
  }
  return page.text();
}

/** Order of dcgm-exporter's own template. */
function cardLabels({ rig }: RigReading, { card }: CardReading, { hostnameLabel }: Settings): string {
  const bus = `00000000:${card.bus.toString(16).toUpperCase().padStart(2, '0')}:00.0`;
  return `{gpu="${card.index}",UUID="GPU-${card.uuid}",pci_bus_id="${bus}",device="nvidia${card.index}",modelName="${card.model.name}",${hostnameLabel}="${rig.name}",DCGM_FI_DRIVER_VERSION="570.133.07"}`;
}
