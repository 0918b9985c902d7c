import type { Conversion, Dialect } from '../../domain/dialect.ts';
import type { Unit } from '../../domain/units.ts';

/**
 * amd-smi says "not available" by the highest number of the field's width, and releases before 1.5.4 let it through widened
 * (ROCm/device-metrics-exporter docs-internal/.../2026-09-28-na-sentinel-width-translation.md @ 445c962a). The highest of
 * eight bits, 255, is a reading like any other here: power draws of 255 W are real.
 */
const notAvailable = [65_535, 2 ** 31 - 1, 2 ** 32 - 1] as const;

function measured(unit: Unit) {
  return { unit, unknown: [0, ...notAvailable], unknownFrom: 1.8e19 } as const satisfies Conversion;
}

/** Like `measured`, but 0 is a value: idle, unused, no errors. */
function counted(unit: Unit) {
  return { unit, unknown: notAvailable, unknownFrom: 1.8e19 } as const satisfies Conversion;
}

const series = {
  gpu_edge_temperature: { kind: 'card', signal: 'coreTemperatureCelsius', ...measured('celsius') },
  // The hottest spot lies above the edge, which the gates speak of: second best.
  gpu_junction_temperature: { kind: 'card', signal: 'coreTemperatureCelsius', ...measured('celsius'), fallback: true },
  gpu_memory_temperature: { kind: 'card', signal: 'memoryTemperatureCelsius', ...measured('celsius') },
  gpu_power_usage: { kind: 'card', signal: 'powerWatts', ...measured('W') },
  gpu_package_power: { kind: 'card', signal: 'powerWatts', ...measured('W'), fallback: true },
  gpu_average_package_power: { kind: 'card', signal: 'powerWatts', ...measured('W'), fallback: true },
  gpu_energy_consumed: { kind: 'card', signal: 'energyJoules', unit: 'uJ', unknown: [0], unknownFrom: 1.8e19 },
  gpu_gfx_activity: { kind: 'card', signal: 'utilisationRatio', ...counted('percent') },
  gpu_usage: { kind: 'card', signal: 'utilisationRatio', ...counted('percent'), fallback: true },
  // The older name counts 10^6 bytes (the sample's 64 GiB are 68702); of the newer one READINESS.md 1.3 says 2^20.
  gpu_total_vram: { kind: 'card', signal: 'vramTotalBytes', unit: 'MiB', unknown: [0], unknownFrom: 1.8e19 },
  gpu_total_memory: {
    kind: 'card',
    signal: 'vramTotalBytes',
    unit: 'MB',
    unknown: [0],
    unknownFrom: 1.8e19,
    fallback: true,
  },
  gpu_used_vram: { kind: 'card', signal: 'vramUsedBytes', unit: 'MiB', unknownFrom: 1.8e19 },
  gpu_free_vram: { kind: 'card', signal: 'vramFreeBytes', unit: 'MiB', unknownFrom: 1.8e19 },
  pcie_speed: { kind: 'card', signal: 'pcieTransfers', ...measured('GT/s') },
  pcie_max_speed: { kind: 'card', signal: 'pcieTransfersMax', ...measured('GT/s') },
  pcie_replay_count: { kind: 'card', signal: 'pcieReplays', unit: 'count', unknownFrom: 1.8e19 },
  gpu_ecc_correct_total: { kind: 'card', signal: 'eccCorrectedVolatile', unit: 'count', unknownFrom: 1.8e19 },
  gpu_ecc_uncorrect_total: { kind: 'card', signal: 'eccUncorrectedVolatile', unit: 'count', unknownFrom: 1.8e19 },
  gpu_violation_socket_thermal_residency_percentage: {
    kind: 'card',
    signal: 'hwThermalSlowdown',
    ...counted('percent'),
  },
  gpu_violation_processor_hot_residency_percentage: { kind: 'card', signal: 'hwSlowdown', ...counted('percent') },
} as const satisfies Dialect['series'];

/** `MetricsFieldPrefix`: the one that the vendor's operator for Kubernetes and most dashboards use. */
const prefixed = Object.fromEntries(Object.entries(series).map(([name, mapping]) => [`amd_${name}`, mapping]));

const recorded = {
  evidence: 'recorded',
  source: 'ROCm/device-metrics-exporter tools/metricutil/metrics_mini.txt @ afd0fe81',
} as const;

/**
 * AMD Instinct cards: the metrics are tagged MI2xx and MI3xx. Mining cards (Polaris, Vega, RDNA) are seen through
 * node_exporter instead. Releases before 1.4.0 print 0 for what a card does not support, so a 0 that only some cards can
 * mean (replays on MI2xx) proves little. Each partition of a card is a `gpu_id` of its own; power is printed for the first.
 */
export const amdDeviceMetricsExporter: Dialect = {
  id: 'amd_device_metrics_exporter',
  evidence: 'published',
  source: 'ROCm/device-metrics-exporter docs/configuration/metricslist.md @ 0778d3ab',
  scope: 'rig',
  card: {
    // The recorded series know nothing but UUID and serial number; newer releases print the UUID only when told to.
    slot: ['gpu_id', 'gpu_uuid', 'GPU_UUID', 'serial_number', 'SERIAL_NUMBER'],
    uuid: ['gpu_uuid', 'GPU_UUID'],
    bus: ['pcie_bus_id'],
    index: ['gpu_id'],
    // `card_model` may be a part number, such as 102-G30211-0C: then the series tells.
    model: ['card_series', 'card_model'],
    driver: ['driver_version'],
    vbios: ['vbios_version'],
    process: { labels: ['exported_pod', 'job_id', 'pod'], not: /metrics-exporter/ },
  },
  nameLabels: ['hostname'],
  series: { ...series, ...prefixed },
  exceptions: {
    gpu_average_package_power: recorded,
    gpu_power_usage: recorded,
    gpu_total_memory: recorded,
    gpu_usage: recorded,
  },
};
