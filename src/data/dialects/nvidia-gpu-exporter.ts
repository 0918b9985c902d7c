import type { Dialect } from '../../domain/dialect.ts';

const published = {
  evidence: 'published',
  source: 'utkuozdemir/nvidia_gpu_exporter docs/METRICS.md @ 13be0614',
} as const;

/** The names of nvidia-smi's query fields before driver 535; READINESS.md 1.3. */
const olderName = { evidence: 'unverified', source: 'nvidia-smi --help-query-gpu of older drivers' } as const;

/** Both backends: `exec` runs nvidia-smi, `nvml` reads the driver and prints more. */
export const nvidiaGpuExporter: Dialect = {
  id: 'nvidia_gpu_exporter',
  evidence: 'recorded',
  source: 'utkuozdemir/nvidia_gpu_exporter internal/integration/testdata @ e656cd81',
  scope: 'rig',
  card: {
    slot: ['uuid'],
    uuid: ['uuid'],
    bus: ['pci_bus_id'],
    index: ['index'],
    model: ['name'],
    driver: ['driver_version'],
    cuda: ['cuda_version'],
    vbios: ['vbios_version'],
  },
  nameLabels: [],
  series: {
    nvidia_smi_gpu_info: { kind: 'card-info' },
    nvidia_smi_temperature_gpu: { kind: 'card', signal: 'coreTemperatureCelsius', unit: 'celsius' },
    nvidia_smi_temperature_memory: { kind: 'card', signal: 'memoryTemperatureCelsius', unit: 'celsius', unknown: [0] },
    nvidia_smi_temperature_gpu_tlimit: { kind: 'card', signal: 'thermalMarginCelsius', unit: 'celsius' },
    nvidia_smi_power_draw_watts: { kind: 'card', signal: 'powerWatts', unit: 'W' },
    nvidia_smi_power_draw_instant_watts: { kind: 'card', signal: 'powerWatts', unit: 'W', fallback: true },
    nvidia_smi_energy_joules_total: { kind: 'card', signal: 'energyJoules', unit: 'J', unknown: [0] },
    nvidia_smi_utilization_gpu_ratio: { kind: 'card', signal: 'utilisationRatio', unit: 'ratio' },
    nvidia_smi_memory_total_bytes: { kind: 'card', signal: 'vramTotalBytes', unit: 'byte', unknown: [0] },
    nvidia_smi_memory_used_bytes: { kind: 'card', signal: 'vramUsedBytes', unit: 'byte' },
    nvidia_smi_compute_apps: { kind: 'card', signal: 'computeApps', unit: 'count' },
    nvidia_smi_compute_app_info: { kind: 'card-process', label: 'process_name' },
    nvidia_smi_pcie_link_width_current: { kind: 'card', signal: 'pcieWidth', unit: 'count', unknown: [0] },
    nvidia_smi_pcie_link_width_max: { kind: 'card', signal: 'pcieWidthMax', unit: 'count', unknown: [0] },
    nvidia_smi_pcie_link_gen_current: { kind: 'card', signal: 'pcieGeneration', unit: 'count', unknown: [0] },
    nvidia_smi_pcie_link_gen_max: { kind: 'card', signal: 'pcieGenerationMax', unit: 'count', unknown: [0] },
    nvidia_smi_pstate: { kind: 'card', signal: 'performanceState', unit: 'count' },
    nvidia_smi_compute_cap: { kind: 'card', signal: 'computeCapability', unit: 'count', unknown: [0] },
    nvidia_smi_clocks_event_reasons_hw_thermal_slowdown: { kind: 'card', signal: 'hwThermalSlowdown', unit: 'ratio' },
    nvidia_smi_clocks_event_reasons_sw_thermal_slowdown: { kind: 'card', signal: 'swThermalSlowdown', unit: 'ratio' },
    nvidia_smi_clocks_event_reasons_hw_slowdown: { kind: 'card', signal: 'hwSlowdown', unit: 'ratio' },
    nvidia_smi_clocks_event_reasons_hw_power_brake_slowdown: { kind: 'card', signal: 'powerBrake', unit: 'ratio' },
    nvidia_smi_clocks_throttle_reasons_hw_thermal_slowdown: {
      kind: 'card',
      signal: 'hwThermalSlowdown',
      unit: 'ratio',
      fallback: true,
    },
    nvidia_smi_clocks_throttle_reasons_sw_thermal_slowdown: {
      kind: 'card',
      signal: 'swThermalSlowdown',
      unit: 'ratio',
      fallback: true,
    },
    nvidia_smi_clocks_throttle_reasons_hw_slowdown: {
      kind: 'card',
      signal: 'hwSlowdown',
      unit: 'ratio',
      fallback: true,
    },
    nvidia_smi_clocks_throttle_reasons_hw_power_brake_slowdown: {
      kind: 'card',
      signal: 'powerBrake',
      unit: 'ratio',
      fallback: true,
    },
    nvidia_smi_clocks_event_reasons_counters_hw_thermal_slowdown_seconds: {
      kind: 'card',
      signal: 'hwThermalSlowdownSeconds',
      unit: 's',
    },
    nvidia_smi_clocks_event_reasons_counters_sw_thermal_slowdown_seconds: {
      kind: 'card',
      signal: 'swThermalSlowdownSeconds',
      unit: 's',
    },
    nvidia_smi_clocks_event_reasons_counters_hw_power_brake_slowdown_seconds: {
      kind: 'card',
      signal: 'powerBrakeSeconds',
      unit: 's',
    },
    nvidia_smi_ecc_errors_corrected_volatile_total: { kind: 'card', signal: 'eccCorrectedVolatile', unit: 'count' },
    nvidia_smi_ecc_errors_uncorrected_volatile_total: { kind: 'card', signal: 'eccUncorrectedVolatile', unit: 'count' },
    nvidia_smi_ecc_errors_uncorrected_aggregate_total: {
      kind: 'card',
      signal: 'eccUncorrectedAggregate',
      unit: 'count',
    },
    nvidia_smi_ecc_errors_uncorrected_aggregate_sram_threshold_exceeded: {
      kind: 'card',
      signal: 'eccSramThresholdExceeded',
      unit: 'flag',
    },
    nvidia_smi_remapped_rows_correctable: { kind: 'card', signal: 'rowsRemappedCorrectable', unit: 'count' },
    nvidia_smi_remapped_rows_uncorrectable: { kind: 'card', signal: 'rowsRemappedUncorrectable', unit: 'count' },
    nvidia_smi_remapped_rows_pending: { kind: 'card', signal: 'rowRemapPending', unit: 'flag' },
    nvidia_smi_remapped_rows_failure: { kind: 'card', signal: 'rowRemapFailure', unit: 'flag' },
    nvidia_smi_retired_pages_single_bit_ecc_count: { kind: 'card', signal: 'retiredPagesSingleBit', unit: 'count' },
    nvidia_smi_retired_pages_double_bit_count: { kind: 'card', signal: 'retiredPagesDoubleBit', unit: 'count' },
    nvidia_smi_retired_pages_pending: { kind: 'card', signal: 'retiredPagesPending', unit: 'flag' },
    nvidia_smi_gpu_recovery_action: { kind: 'card', signal: 'recoveryAction', unit: 'count' },
    nvidia_smi_xid_last_timestamp_seconds: { kind: 'card-xid', label: 'xid', value: 'last-seconds' },
    nvidia_smi_xid_errors_total: { kind: 'card-xid', label: 'xid', value: 'count' },
    // Only the NVML backend prints it, and only that backend watches XIDs.
    nvidia_smi_nvml_return_code: { kind: 'xids-watched' },
  },
  exceptions: {
    nvidia_smi_xid_last_timestamp_seconds: published,
    nvidia_smi_clocks_throttle_reasons_hw_thermal_slowdown: olderName,
    nvidia_smi_clocks_throttle_reasons_sw_thermal_slowdown: olderName,
    nvidia_smi_clocks_throttle_reasons_hw_slowdown: olderName,
    nvidia_smi_clocks_throttle_reasons_hw_power_brake_slowdown: olderName,
    nvidia_smi_retired_pages_single_bit_ecc_count: olderName,
    nvidia_smi_retired_pages_double_bit_count: olderName,
    nvidia_smi_retired_pages_pending: olderName,
  },
  switches: [
    {
      series: [
        'nvidia_smi_energy_joules_total',
        'nvidia_smi_xid_errors_total',
        'nvidia_smi_xid_last_timestamp_seconds',
        'nvidia_smi_nvml_return_code',
      ],
      how: '--collect.backend=nvml',
    },
    { series: ['nvidia_smi_compute_apps', 'nvidia_smi_compute_app_info'], how: '--collect.compute-apps' },
  ],
};
