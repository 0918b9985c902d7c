import type { Dialect } from '../../domain/dialect.ts';

/** dcgm-exporter prints 9223372036854775794 and its neighbours for "not supported"; READINESS.md 1.3. */
const notSupported = { unknownFrom: 9.2e18 } as const;
const MIB = 2 ** 20;

export const dcgmExporter: Dialect = {
  id: 'dcgm-exporter',
  evidence: 'recorded',
  source: 'NVIDIA/dcgm-exporter README.md and etc/default-counters.csv @ d5e5f510',
  scope: 'rig',
  card: {
    slot: ['UUID', 'gpu'],
    uuid: 'UUID',
    bus: 'pci_bus_id',
    index: 'gpu',
    model: 'modelName',
    driver: 'DCGM_FI_DRIVER_VERSION',
  },
  nameLabels: ['Hostname', 'hostname'],
  series: {
    DCGM_FI_DEV_GPU_TEMP: { kind: 'card', signal: 'coreTemperatureCelsius', unknown: [0], ...notSupported },
    DCGM_FI_DEV_MEMORY_TEMP: { kind: 'card', signal: 'memoryTemperatureCelsius', unknown: [0], ...notSupported },
    DCGM_FI_DEV_POWER_USAGE: { kind: 'card', signal: 'powerWatts', ...notSupported },
    DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION: {
      kind: 'card',
      signal: 'energyJoules',
      factor: 0.001,
      unknown: [0],
      ...notSupported,
    },
    DCGM_FI_DEV_GPU_UTIL: { kind: 'card', signal: 'utilisationRatio', factor: 0.01, ...notSupported },
    DCGM_FI_DEV_FB_FREE: { kind: 'card', signal: 'vramFreeBytes', factor: MIB, ...notSupported },
    DCGM_FI_DEV_FB_USED: { kind: 'card', signal: 'vramUsedBytes', factor: MIB, ...notSupported },
    DCGM_FI_DEV_FB_RESERVED: { kind: 'card', signal: 'vramReservedBytes', factor: MIB, ...notSupported },
    DCGM_FI_DEV_PCIE_LINK_WIDTH: { kind: 'card', signal: 'pcieWidth', unknown: [0], ...notSupported },
    DCGM_FI_DEV_PCIE_MAX_LINK_WIDTH: { kind: 'card', signal: 'pcieWidthMax', unknown: [0], ...notSupported },
    DCGM_FI_DEV_PCIE_LINK_GEN: { kind: 'card', signal: 'pcieGeneration', unknown: [0], ...notSupported },
    DCGM_FI_DEV_PCIE_MAX_LINK_GEN: { kind: 'card', signal: 'pcieGenerationMax', unknown: [0], ...notSupported },
    DCGM_FI_DEV_XID_ERRORS: { kind: 'card-xid-last' },
    DCGM_EXP_XID_ERRORS_COUNT: { kind: 'card-xid', label: 'xid', value: 'count' },
  },
};
