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
    ({ joulesCounted }) => integer(joulesCounted * 1000),
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

/** What a farm adds to its counters file; titles as default-counters.csv has them where it has them. */
const optInFields: readonly Field[] = [
  ['DCGM_FI_DEV_PCIE_LINK_WIDTH', 'gauge', 'PCIe link width (lanes).', ({ card }) => integer(card.lanes)],
  [
    'DCGM_FI_DEV_PCIE_MAX_LINK_WIDTH',
    'gauge',
    'Highest PCIe link width (lanes).',
    ({ card }) => integer(card.lanesMax),
  ],
  ['DCGM_FI_DEV_PCIE_LINK_GEN', 'gauge', 'PCIe link generation.', ({ pcieGeneration }) => integer(pcieGeneration)],
  [
    'DCGM_FI_DEV_PCIE_MAX_LINK_GEN',
    'gauge',
    'Highest PCIe link generation.',
    ({ card }) => integer(card.generationMax),
  ],
  ['DCGM_FI_DEV_PSTATE', 'gauge', 'Performance state.', ({ loaded }) => (loaded ? '2' : '8')],
  ['DCGM_FI_DEV_ECC_SBE_VOL_TOTAL', 'counter', 'Total number of single-bit volatile ECC errors.', ifEcc],
  ['DCGM_FI_DEV_ECC_DBE_VOL_TOTAL', 'counter', 'Total number of double-bit volatile ECC errors.', ifEcc],
  ['DCGM_FI_DEV_ECC_DBE_AGG_TOTAL', 'counter', 'Total number of double-bit persistent ECC errors.', ifEcc],
  ['DCGM_FI_DEV_ROW_REMAP_PENDING', 'gauge', 'Whether remapping of rows is pending.', ifEcc],
];

/** dcgm-exporter with its default counters: no compute capability, no processes, no PCIe link. */
export function renderDcgmExporter(reading: RigReading): string {
  const page = new Exposition();
  const settings = reading.rig.kind.dcgm ?? { hostnameLabel: 'Hostname', reserved: true };
  for (const [name, type, help, text] of settings.optIn === true ? [...fields, ...optInFields] : fields) {
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
  if (settings.optIn === true) addWindowCounts(page, reading, settings);
  return page.text();
}

/** What is counted, per card, over the last five minutes; nothing is printed of what did not happen. */
function addWindowCounts(page: Exposition, reading: RigReading, settings: Settings): void {
  const minute = Math.floor(reading.atMs / 60_000);
  // Four times a day a card's clocks are lowered for the heat, and its pod fails.
  const hit = reading.cards.filter(({ card, loaded }) => loaded && (minute + 17 * card.index) % 360 < 5);
  const count = (name: string, help: string, what: string) =>
    page.gauge(
      name,
      help,
      hit.map((card) => [`${cardLabels(reading, card, settings).slice(0, -1)},window_size_in_ms="300000",${what}}`, 1]),
    );
  count(
    'DCGM_EXP_CLOCK_EVENTS_COUNT',
    'Count of clock events within the user-specified time window',
    'clock_event="sw_thermal"',
  );
  count('DCGM_EXP_XID_ERRORS_COUNT', 'Count of XID Errors within user-specified time window', 'xid="31"');
}

/** Order of dcgm-exporter's own template; then the pod that holds the card, where it runs in a cluster. */
function cardLabels({ rig }: RigReading, { card, process }: CardReading, settings: Settings): string {
  const { hostnameLabel, optIn } = settings;
  const isHeld = optIn === true && process !== null;
  const holder = isHeld ? `,container="main",namespace="ai",pod="llama-${card.index}"` : '';
  const bus = `00000000:${card.bus.toString(16).toUpperCase().padStart(2, '0')}:00.0`;
  return `{gpu="${card.index}",UUID="GPU-${card.uuid}",pci_bus_id="${bus}",device="nvidia${card.index}",modelName="${card.model.name}",${hostnameLabel}="${rig.name}",DCGM_FI_DRIVER_VERSION="570.133.07"${holder}}`;
}
