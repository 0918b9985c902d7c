import type { Dialect } from '../../domain/dialect.ts';

/**
 * HiveOS's agent writes each miner's hashrates down in the unit that the miner script chose, mostly kH/s, and the exporter
 * hands them on as they are; the miner's total it prints in H/s. A sum of cards that is no 1,000th of it shows another unit.
 * After a change of coins the old series stay until the exporter restarts.
 */
export const hiveosExporter: Dialect = {
  id: 'hiveos_exporter',
  evidence: 'published',
  source: 'heaje/hiveos-exporter bin/hiveos-exporter.py @ 0ebe042b',
  scope: 'farm',
  rig: ['rig'],
  card: { slot: ['card'], index: ['card'], model: ['model'], coin: ['coin'] },
  nameLabels: ['rig'],
  series: {
    // What is no GPU is printed with brand `unknown` under the number of a GPU.
    hiveos_gpu_hashrate: {
      kind: 'card',
      signal: 'hashrate',
      unit: 'kH/s',
      among: { label: 'brand', values: ['nvidia', 'amd', 'intel', 'NVIDIA', 'AMD', 'Intel'] },
    },
    hiveos_miner_hashrate: { kind: 'miner-hashrate', miner: ['miner', 'coin'], unit: 'H/s' },
    hiveos_gpu_core_temp: { kind: 'card', signal: 'coreTemperatureCelsius', unit: 'celsius', unknown: [0] },
    hiveos_gpu_mem_temp: { kind: 'card', signal: 'memoryTemperatureCelsius', unit: 'celsius', unknown: [0] },
    hiveos_gpu_power_watts: { kind: 'card', signal: 'powerWatts', unit: 'W', unknown: [0] },
    hiveos_gpu_load: { kind: 'card', signal: 'utilisationRatio', unit: 'percent' },
  },
};
