import type { CardSignal, Dialect, SeriesMapping } from '../../domain/dialect.ts';
import type { Unit } from '../../domain/units.ts';

/**
 * dcgm-exporter prints 9223372036854775794 and its neighbours for "not supported", READINESS.md 1.3; where DCGM counts in 32
 * bits, they are 2147483632 and its neighbours. No number here comes near, energy apart.
 */
const notSupported = { unknownFrom: 2_147_483_632 } as const;

type CardMapping = Extract<SeriesMapping, { kind: 'card' }>;

function card(signal: CardSignal, unit: Unit): CardMapping {
  return { kind: 'card', signal, unit, ...notSupported };
}

/** 0 is not a value: temperatures and links of cards that do not report them (the L4 of READINESS.md). */
function cardAboveZero(signal: CardSignal, unit: Unit): CardMapping {
  return { ...card(signal, unit), unknown: [0] };
}

/** Second best: a later name of the same field, or another field for the same. */
function otherName(mapping: CardMapping): CardMapping {
  return { ...mapping, fallback: true };
}

const nvlinkErrors: CardMapping = { ...card('nvlinkErrors', 'count'), sum: true };

const laterNames = {
  evidence: 'published',
  source: 'NVIDIA/dcgm-exporter tests/host/testdata/latest-value-batching-counters.csv @ 8dc9e11b',
} as const;

/** What a farm adds to its counters file, as lines of that file. Titles of default-counters.csv where it has them. */
const counters = {
  DCGM_FI_DEV_PCIE_LINK_WIDTH: 'gauge, PCIe link width (lanes).',
  DCGM_FI_DEV_PCIE_MAX_LINK_WIDTH: 'gauge, Highest PCIe link width (lanes).',
  DCGM_FI_DEV_PCIE_LINK_GEN: 'gauge, PCIe link generation.',
  DCGM_FI_DEV_PCIE_MAX_LINK_GEN: 'gauge, Highest PCIe link generation.',
  DCGM_FI_DEV_PSTATE: 'gauge, Performance state.',
  DCGM_FI_DEV_ECC_SBE_VOL_TOTAL: 'counter, Total number of single-bit volatile ECC errors.',
  DCGM_FI_DEV_ECC_DBE_VOL_TOTAL: 'counter, Total number of double-bit volatile ECC errors.',
  DCGM_FI_DEV_ECC_DBE_AGG_TOTAL: 'counter, Total number of double-bit persistent ECC errors.',
  DCGM_FI_DEV_RETIRED_SBE: 'counter, Total number of retired pages due to single-bit errors.',
  DCGM_FI_DEV_RETIRED_DBE: 'counter, Total number of retired pages due to double-bit errors.',
  DCGM_FI_DEV_RETIRED_PENDING: 'counter, Total number of pages pending retirement.',
  DCGM_FI_DEV_ROW_REMAP_PENDING: 'gauge, Whether remapping of rows is pending.',
  DCGM_FI_DEV_NVLINK_CRC_FLIT_ERROR_COUNT_TOTAL: 'counter, Total number of NVLink flow-control CRC errors.',
  DCGM_FI_DEV_NVLINK_CRC_DATA_ERROR_COUNT_TOTAL: 'counter, Total number of NVLink data CRC errors.',
  DCGM_FI_DEV_NVLINK_REPLAY_ERROR_COUNT_TOTAL: 'counter, Total number of NVLink retries.',
  DCGM_FI_DEV_NVLINK_RECOVERY_ERROR_COUNT_TOTAL: 'counter, Total number of NVLink recovery errors.',
  DCGM_EXP_XID_ERRORS_COUNT: 'counter, reported XIDs during last window',
} as const;

/**
 * Default and opt-in counters. Not mapped, because nobody can know their unit: DCGM_FI_DEV_GPU_UTIL_RATIO (a percentage of
 * one release, a ratio of the next) and DCGM_FI_DEV_*_VIOLATION (us in older counters files, ns in newer ones).
 */
export const dcgmExporter: Dialect = {
  id: 'dcgm-exporter',
  evidence: 'published',
  source: 'NVIDIA/dcgm-exporter etc/default-counters.csv @ d5e5f510',
  scope: 'rig',
  card: {
    slot: ['UUID', 'gpu'],
    uuid: ['UUID'],
    bus: ['pci_bus_id'],
    index: ['gpu'],
    model: ['modelName'],
    driver: ['DCGM_FI_DRIVER_VERSION'],
    vbios: ['DCGM_FI_DEV_VBIOS_VERSION'],
    process: {
      labels: ['exported_pod', 'hpc_job', 'pod', 'pod_name', 'exported_container', 'container', 'container_name'],
      not: /dcgm-exporter/,
    },
  },
  nameLabels: ['Hostname', 'hostname'],
  series: {
    DCGM_FI_DEV_GPU_TEMP: cardAboveZero('coreTemperatureCelsius', 'celsius'),
    DCGM_FI_DEV_MEMORY_TEMP: cardAboveZero('memoryTemperatureCelsius', 'celsius'),
    DCGM_FI_DEV_MEMORY_TEMP_CELSIUS: otherName(cardAboveZero('memoryTemperatureCelsius', 'celsius')),
    DCGM_FI_DEV_POWER_USAGE: card('powerWatts', 'W'),
    DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION: {
      kind: 'card',
      signal: 'energyJoules',
      unit: 'mJ',
      unknown: [0],
      unknownFrom: 9.2e18,
    },
    DCGM_FI_DEV_GPU_UTIL: card('utilisationRatio', 'percent'),
    DCGM_FI_PROF_GR_ENGINE_ACTIVE: otherName(card('utilisationRatio', 'ratio')),
    DCGM_FI_DEV_FB_TOTAL: cardAboveZero('vramTotalBytes', 'MiB'),
    DCGM_FI_DEV_FB_FREE: card('vramFreeBytes', 'MiB'),
    DCGM_FI_DEV_FB_USED: card('vramUsedBytes', 'MiB'),
    DCGM_FI_DEV_FB_RESERVED: card('vramReservedBytes', 'MiB'),
    DCGM_FI_DEV_PCIE_LINK_WIDTH: cardAboveZero('pcieWidth', 'count'),
    DCGM_FI_DEV_PCIE_MAX_LINK_WIDTH: cardAboveZero('pcieWidthMax', 'count'),
    DCGM_FI_DEV_PCIE_LINK_GEN: cardAboveZero('pcieGeneration', 'count'),
    DCGM_FI_DEV_PCIE_MAX_LINK_GEN: cardAboveZero('pcieGenerationMax', 'count'),
    DCGM_FI_DEV_PSTATE: card('performanceState', 'count'),
    DCGM_FI_DEV_PCIE_REPLAY_COUNTER: card('pcieReplays', 'count'),
    DCGM_FI_DEV_PCIE_REPLAY_TOTAL: otherName(card('pcieReplays', 'count')),
    DCGM_FI_DEV_ECC_SBE_VOL_TOTAL: card('eccCorrectedVolatile', 'count'),
    DCGM_FI_DEV_ECC_DBE_VOL_TOTAL: card('eccUncorrectedVolatile', 'count'),
    DCGM_FI_DEV_ECC_DBE_AGG_TOTAL: card('eccUncorrectedAggregate', 'count'),
    DCGM_FI_DEV_CORRECTABLE_REMAPPED_ROWS: card('rowsRemappedCorrectable', 'count'),
    DCGM_FI_DEV_ROW_REMAP_CORRECTABLE_TOTAL: otherName(card('rowsRemappedCorrectable', 'count')),
    DCGM_FI_DEV_UNCORRECTABLE_REMAPPED_ROWS: card('rowsRemappedUncorrectable', 'count'),
    DCGM_FI_DEV_ROW_REMAP_UNCORRECTABLE_TOTAL: otherName(card('rowsRemappedUncorrectable', 'count')),
    DCGM_FI_DEV_ROW_REMAP_PENDING: card('rowRemapPending', 'flag'),
    DCGM_FI_DEV_ROW_REMAP_FAILURE: card('rowRemapFailure', 'flag'),
    DCGM_FI_DEV_ROW_REMAP_FAILED: otherName(card('rowRemapFailure', 'flag')),
    DCGM_FI_DEV_RETIRED_SBE: card('retiredPagesSingleBit', 'count'),
    DCGM_FI_DEV_RETIRED_DBE: card('retiredPagesDoubleBit', 'count'),
    DCGM_FI_DEV_RETIRED_PENDING: card('retiredPagesPending', 'flag'),
    DCGM_FI_DEV_GPU_RECOVERY_ACTION: card('recoveryAction', 'count'),
    DCGM_FI_DEV_NVLINK_CRC_FLIT_ERROR_COUNT_TOTAL: nvlinkErrors,
    DCGM_FI_DEV_NVLINK_CRC_DATA_ERROR_COUNT_TOTAL: nvlinkErrors,
    DCGM_FI_DEV_NVLINK_REPLAY_ERROR_COUNT_TOTAL: nvlinkErrors,
    DCGM_FI_DEV_NVLINK_RECOVERY_ERROR_COUNT_TOTAL: nvlinkErrors,
    DCGM_FI_DEV_XID_ERRORS: { kind: 'card-xid-last' },
    DCGM_FI_DEV_XID_ERROR: { kind: 'card-xid-last' },
    DCGM_EXP_XID_ERRORS_COUNT: { kind: 'card-xid', label: 'xid', value: 'count' },
  },
  exceptions: {
    DCGM_FI_DEV_MEMORY_TEMP: { evidence: 'recorded', source: 'NVIDIA/dcgm-exporter README.md @ d5e5f510' },
    DCGM_FI_DEV_MEMORY_TEMP_CELSIUS: laterNames,
    DCGM_FI_DEV_FB_TOTAL: laterNames,
    DCGM_FI_DEV_PCIE_LINK_WIDTH: laterNames,
    DCGM_FI_DEV_PCIE_MAX_LINK_WIDTH: laterNames,
    DCGM_FI_DEV_PCIE_LINK_GEN: laterNames,
    DCGM_FI_DEV_PCIE_MAX_LINK_GEN: laterNames,
    DCGM_FI_DEV_PCIE_REPLAY_TOTAL: laterNames,
    DCGM_FI_DEV_ROW_REMAP_CORRECTABLE_TOTAL: laterNames,
    DCGM_FI_DEV_ROW_REMAP_UNCORRECTABLE_TOTAL: laterNames,
    DCGM_FI_DEV_ROW_REMAP_PENDING: laterNames,
    DCGM_FI_DEV_ROW_REMAP_FAILED: laterNames,
    DCGM_FI_DEV_GPU_RECOVERY_ACTION: laterNames,
    DCGM_FI_DEV_XID_ERROR: laterNames,
    DCGM_FI_DEV_PSTATE: { evidence: 'unverified', source: 'DCGM field 190' },
  },
  switches: Object.entries(counters).map(([series, rest]) => ({
    series: [series],
    how: `counters file (-f): ${series}, ${rest}`,
  })),
};
