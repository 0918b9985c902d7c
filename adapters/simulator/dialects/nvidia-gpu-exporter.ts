import { Exposition, labels, type Row } from '../exposition.ts';
import type { CardReading, RigReading } from '../reading.ts';

const mib = 2 ** 20;
const reservedMib = 410;
const idleMib = 4;

/** [name after `nvidia_smi_`, help, value]; null leaves the series out, as cards do that lack the field. */
type CardGauge = readonly [name: string, help: string, value: (reading: CardReading, cards: number) => number | null];

const zero = () => 0;
const usedMib = (reading: CardReading) => (reading.process?.usedMib ?? 0) + idleMib;
const graphicsHz = ({ card, loaded }: CardReading) => (loaded ? card.model.maxGraphicsMhz * 0.82 : 210) * 1e6;
const ifEcc =
  (value: number) =>
  ({ card }: CardReading) =>
    card.model.ecc ? value : null;

const cardGauges: readonly CardGauge[] = [
  ['accounting_buffer_size', 'accounting.buffer_size', () => 4000],
  ['accounting_mode', 'accounting.mode', zero],
  ['clocks_current_graphics_clock_hz', 'clocks.current.graphics [MHz]', graphicsHz],
  [
    'clocks_current_memory_clock_hz',
    'clocks.current.memory [MHz]',
    ({ card, loaded }) => (loaded ? card.model.maxMemoryMhz - 250 : 405) * 1e6,
  ],
  ['clocks_current_sm_clock_hz', 'clocks.current.sm [MHz]', graphicsHz],
  ['clocks_current_video_clock_hz', 'clocks.current.video [MHz]', ({ loaded }) => (loaded ? 1.515e9 : 5.55e8)],
  ['clocks_event_reasons_active', 'clocks_event_reasons.active', reasonsActive],
  ['clocks_event_reasons_applications_clocks_setting', 'clocks_event_reasons.applications_clocks_setting', zero],
  [
    'clocks_event_reasons_counters_hw_power_brake_slowdown_seconds',
    'clocks_event_reasons_counters.hw_power_brake_slowdown [us]',
    zero,
  ],
  [
    'clocks_event_reasons_counters_hw_thermal_slowdown_seconds',
    'clocks_event_reasons_counters.hw_thermal_slowdown [us]',
    zero,
  ],
  ['clocks_event_reasons_counters_sw_power_cap_seconds', 'clocks_event_reasons_counters.sw_power_cap [us]', zero],
  [
    'clocks_event_reasons_counters_sw_thermal_slowdown_seconds',
    'clocks_event_reasons_counters.sw_thermal_slowdown [us]',
    zero,
  ],
  ['clocks_event_reasons_counters_sync_boost_seconds', 'clocks_event_reasons_counters.sync_boost [us]', zero],
  ['clocks_event_reasons_gpu_idle', 'clocks_event_reasons.gpu_idle', ({ loaded }) => (loaded ? 0 : 1)],
  ['clocks_event_reasons_hw_power_brake_slowdown', 'clocks_event_reasons.hw_power_brake_slowdown', zero],
  ['clocks_event_reasons_hw_slowdown', 'clocks_event_reasons.hw_slowdown', zero],
  ['clocks_event_reasons_hw_thermal_slowdown', 'clocks_event_reasons.hw_thermal_slowdown', zero],
  ['clocks_event_reasons_supported', 'clocks_event_reasons.supported', () => 511],
  ['clocks_event_reasons_sw_power_cap', 'clocks_event_reasons.sw_power_cap', zero],
  [
    'clocks_event_reasons_sw_thermal_slowdown',
    'clocks_event_reasons.sw_thermal_slowdown',
    (reading) => (slowedByHeat(reading) ? 1 : 0),
  ],
  ['clocks_event_reasons_sync_boost', 'clocks_event_reasons.sync_boost', zero],
  ['clocks_max_graphics_clock_hz', 'clocks.max.graphics [MHz]', ({ card }) => card.model.maxGraphicsMhz * 1e6],
  ['clocks_max_memory_clock_hz', 'clocks.max.memory [MHz]', ({ card }) => card.model.maxMemoryMhz * 1e6],
  ['clocks_max_sm_clock_hz', 'clocks.max.sm [MHz]', ({ card }) => card.model.maxGraphicsMhz * 1e6],
  [
    'compute_apps',
    'Number of processes with a compute context on the GPU.',
    ({ process }) => (process === null ? 0 : 1),
  ],
  ['compute_cap', 'compute_cap', ({ card }) => card.model.computeCapability],
  ['compute_mode', 'compute_mode', zero],
  ['count', 'count', (_reading, cards) => cards],
  ['display_active', 'display_active', zero],
  ['display_attached', 'display_attached', zero],
  ['ecc_errors_corrected_aggregate_total', 'ecc.errors.corrected.aggregate.total', ifEcc(0)],
  ['ecc_errors_corrected_volatile_total', 'ecc.errors.corrected.volatile.total', ifEcc(0)],
  ['ecc_errors_uncorrected_aggregate_total', 'ecc.errors.uncorrected.aggregate.total', ifEcc(0)],
  ['ecc_errors_uncorrected_volatile_total', 'ecc.errors.uncorrected.volatile.total', ifEcc(0)],
  ['ecc_mode_current', 'ecc.mode.current', ifEcc(1)],
  ['ecc_mode_pending', 'ecc.mode.pending', ifEcc(1)],
  ['encoder_stats_average_fps', 'encoder.stats.averageFps', zero],
  ['encoder_stats_average_latency', 'encoder.stats.averageLatency', zero],
  ['encoder_stats_session_count', 'encoder.stats.sessionCount', zero],
  ['enforced_power_limit_watts', 'enforced.power.limit [W]', ({ card }) => card.model.tdpWatts],
  ['fan_speed_ratio', 'fan.speed [%]', ({ coreCelsius }) => Math.min(100, Math.max(30, coreCelsius + 8)) / 100],
  ['gpu_recovery_action', 'gpu_recovery_action', zero],
  ['index', 'index', ({ card }) => card.index],
  [
    'memory_free_bytes',
    'memory.free [MiB]',
    (reading) => (reading.card.model.vramMib - reservedMib - usedMib(reading)) * mib,
  ],
  ['memory_reserved_bytes', 'memory.reserved [MiB]', () => reservedMib * mib],
  ['memory_total_bytes', 'memory.total [MiB]', ({ card }) => card.model.vramMib * mib],
  ['memory_used_bytes', 'memory.used [MiB]', (reading) => usedMib(reading) * mib],
  ['name', 'name', ({ card }) => Number(/\d+/.exec(card.model.name)?.[0] ?? 0)],
  ['pci_base_class', 'pci.baseClass', () => 3],
  ['pci_bus', 'pci.bus', ({ card }) => card.bus],
  ['pci_device', 'pci.device', zero],
  ['pci_device_id', 'pci.device_id', ({ card }) => card.model.pciDeviceId],
  ['pci_domain', 'pci.domain', zero],
  ['pci_sub_class', 'pci.subClass', zero],
  ['pcie_link_gen_current', 'pcie.link.gen.current', ({ pcieGeneration }) => pcieGeneration],
  ['pcie_link_gen_gpucurrent', 'pcie.link.gen.gpucurrent', ({ pcieGeneration }) => pcieGeneration],
  ['pcie_link_gen_gpumax', 'pcie.link.gen.gpumax', ({ card }) => card.model.pcieGeneration],
  ['pcie_link_gen_hostmax', 'pcie.link.gen.hostmax', ({ card }) => card.hostGeneration],
  ['pcie_link_gen_max', 'pcie.link.gen.max', ({ card }) => card.generationMax],
  ['pcie_link_width_current', 'pcie.link.width.current', ({ card }) => card.lanes],
  ['pcie_link_width_max', 'pcie.link.width.max', ({ card }) => card.lanesMax],
  ['persistence_mode', 'persistence_mode', () => 1],
  ['power_default_limit_watts', 'power.default_limit [W]', ({ card }) => card.model.tdpWatts],
  ['power_draw_instant_watts', 'power.draw.instant [W]', ({ watts }) => round2(watts)],
  ['power_draw_watts', 'power.draw [W]', ({ watts }) => round2(watts)],
  ['power_limit_watts', 'power.limit [W]', ({ card }) => card.model.tdpWatts],
  ['power_max_limit_watts', 'power.max_limit [W]', ({ card }) => card.model.tdpWatts],
  ['power_min_limit_watts', 'power.min_limit [W]', ({ card }) => Math.round(card.model.tdpWatts * 0.4)],
  ['pstate', 'pstate', ({ loaded }) => (loaded ? 2 : 8)],
  ['remapped_rows_correctable', 'remapped_rows.correctable', ifEcc(0)],
  ['remapped_rows_failure', 'remapped_rows.failure', ifEcc(0)],
  ['remapped_rows_pending', 'remapped_rows.pending', ifEcc(0)],
  ['remapped_rows_uncorrectable', 'remapped_rows.uncorrectable', ifEcc(0)],
  ['temperature_gpu', 'temperature.gpu', ({ coreCelsius }) => coreCelsius],
  ['utilization_decoder_ratio', 'utilization.decoder [%]', zero],
  ['utilization_encoder_ratio', 'utilization.encoder [%]', zero],
  ['utilization_gpu_ratio', 'utilization.gpu [%]', ({ utilisation }) => utilisation],
  ['utilization_memory_ratio', 'utilization.memory [%]', ({ utilisation }) => Math.round(utilisation * 71) / 100],
];

/** Drivers before 535 have other names for some fields, and lack others. */
const laterFields = /^(?:clocks_event_reasons_counters_|gpu_recovery_action$|power_draw_instant_watts$)/;
const olderGauges = cardGauges
  .filter(([name]) => !laterFields.test(name))
  .map(
    ([name, help, value]): CardGauge => [
      name.replace('clocks_event_reasons', 'clocks_throttle_reasons'),
      help.replace('clocks_event_reasons', 'clocks_throttle_reasons'),
      value,
    ],
  );

/** nvidia_gpu_exporter 1.14: every series carries the UUID alone, `nvidia_smi_gpu_info` the rest. */
export function renderNvidiaGpuExporter(reading: RigReading): string {
  const page = new Exposition();
  const cards = reading.cards.toSorted((a, b) => (a.card.uuid < b.card.uuid ? -1 : 1));
  const isOlder = reading.rig.kind.olderDriver === true;
  for (const [name, help, value] of isOlder ? olderGauges : cardGauges) {
    page.gauge(
      `nvidia_smi_${name}`,
      help,
      rowsOf(cards, (card) => value(card, cards.length)),
    );
  }
  page.gauge(
    'nvidia_smi_gpu_info',
    "A metric with a constant '1' value labeled by gpu uuid, name, driver_model_current, driver_model_pending, vbios_version, driver_version, pci_bus_id, serial, compute_cap, pci_sub_device_id, index, cuda_version.",
    cards.map((card) => [identityLabels(card, isOlder), 1]),
  );
  addProcesses(page, cards);
  page.counter('nvidia_smi_failed_scrapes_total', 'Number of failed collections', [['', 0]]);
  page.gauge('nvidia_smi_last_collect_success', 'Whether the most recent collection succeeded (1) or not (0)', [
    ['', 1],
  ]);
  if (reading.rig.kind.nvml === true) addNvml(page, reading, cards);
  else page.gauge('nvidia_smi_command_exit_code', 'Exit code of the most recent nvidia-smi run', [['', 0]]);
  return page.sortedText();
}

function addProcesses(page: Exposition, cards: readonly CardReading[]): void {
  const running = cards.flatMap(({ card, process }) => (process === null ? [] : [{ card, process }]));
  const processLabels = ({ card, process }: (typeof running)[number]) =>
    labels({ pid: process.pid, process_name: process.name, uuid: card.uuid });
  page.gauge(
    'nvidia_smi_compute_app_info',
    "A metric with a constant '1' value labeled by the identity of a process with a compute context on a GPU.",
    running.map((app) => [processLabels(app), 1]),
  );
  page.gauge(
    'nvidia_smi_compute_app_used_memory_bytes',
    'GPU memory used by the process. Absent when the driver cannot report it (e.g. Windows WDDM).',
    running.map((app) => [processLabels(app), app.process.usedMib * mib]),
  );
  page.gauge(
    'nvidia_smi_compute_apps_last_collect_success',
    'Whether the most recent per-process collection succeeded (1) or not (0)',
    [['', 1]],
  );
}

/** What only the NVML backend knows: energy, and XID events since the exporter started. */
function addNvml(page: Exposition, reading: RigReading, cards: readonly CardReading[]): void {
  page.gauge('nvidia_smi_nvml_return_code', 'NVML return code of the most recent collection (0 = success)', [['', 0]]);
  page.counter(
    'nvidia_smi_energy_joules_total',
    'Total energy consumed by the GPU in joules since the driver was last loaded. Resets on a driver reload; absent on GPUs that cannot report it.',
    rowsOf(cards, ({ joulesCounted }) => Math.round(joulesCounted * 1000) / 1000),
  );
  const fault = xidOf(reading);
  if (fault === null) return;
  const xidLabels = labels({ uuid: fault.uuid, xid: fault.code });
  page.counter(
    'nvidia_smi_xid_errors_total',
    'Number of XID errors observed on the GPU since the exporter started. A series appears when its first event arrives; earlier history cannot be replayed.',
    [[xidLabels, 1]],
  );
  page.gauge(
    'nvidia_smi_xid_last_timestamp_seconds',
    'Unix timestamp of the most recent XID error observed on the GPU.',
    [[xidLabels, fault.atMs / 1000]],
  );
}

const faultAfterMs = 9 * 3_600_000;

/** Nine hours after the epoch a card that nobody rents falls off the bus (79); elsewhere a renter's program fails (31). */
function xidOf(reading: RigReading): { readonly uuid: string; readonly code: number; readonly atMs: number } | null {
  const atMs = reading.epochMs + faultAfterMs;
  const last = reading.rig.cards.at(-1);
  // The exporter started with the rig, and knows of nothing before.
  if (last === undefined || reading.atMs < atMs || reading.bootMs > atMs) return null;
  return { uuid: last.uuid, code: reading.rig.kind.market?.rented === false ? 79 : 31, atMs };
}

function identityLabels({ card }: CardReading, isOlder: boolean): string {
  return labels({
    compute_cap: card.model.computeCapability.toFixed(1),
    cuda_version: isOlder ? '11.4' : '12.8',
    driver_model_current: '[N/A]',
    driver_model_pending: '[N/A]',
    driver_version: isOlder ? '470.256.02' : '570.133.07',
    index: card.index,
    name: card.model.name,
    pci_bus_id: `00000000:${card.bus.toString(16).toUpperCase().padStart(2, '0')}:00.0`,
    pci_sub_device_id: '0x40051458',
    serial: '[N/A]',
    uuid: card.uuid,
    vbios_version: '94.02.42.00.A9',
  });
}

function rowsOf(cards: readonly CardReading[], value: (reading: CardReading) => number | null): Row[] {
  return cards.flatMap((reading): Row[] => {
    const known = value(reading);
    return known === null ? [] : [[`{uuid="${reading.card.uuid}"}`, known]];
  });
}

function slowedByHeat({ card, loaded }: CardReading): boolean {
  return card.hot && loaded;
}

/** Bits as NVML defines them: 1 idle, 0x20 software thermal slowdown. */
function reasonsActive(reading: CardReading): number {
  if (!reading.loaded) return 1;
  return slowedByHeat(reading) ? 0x20 : 0;
}

function round2(value: number): number {
  return Math.round(value * 100) / 100;
}
