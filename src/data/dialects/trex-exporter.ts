import type { Dialect } from '../../domain/dialect.ts';

/** Another exporter of the same names, which labels cards `gpu`. */
const dennisstritzke = {
  evidence: 'published',
  source: 'dennisstritzke/trex_exporter trex/collector.go @ 6ad1ed61',
} as const;

/** T-Rex does not say its algorithm: the configuration's coin decides. 0 means unknown for power and temperatures. */
export const trexExporter: Dialect = {
  id: 'trex_exporter',
  evidence: 'published',
  source: 'rluisr/trex_exporter README.md @ 348e910d',
  scope: 'rig',
  card: { slot: ['device_id', 'gpu'], index: ['device_id', 'gpu'], model: ['name'] },
  nameLabels: ['worker'],
  series: {
    trex_gpu_hashrate: { kind: 'card', signal: 'hashrate', unit: 'H/s' },
    trex_total_hashrate: { kind: 'miner-hashrate', miner: ['worker'], unit: 'H/s' },
    trex_hashrate_total: { kind: 'miner-hashrate', miner: ['worker'], unit: 'H/s', fallback: true },
    trex_gpu_temperature: { kind: 'card', signal: 'coreTemperatureCelsius', unit: 'celsius', unknown: [0] },
    trex_gpu_memory_temperature: { kind: 'card', signal: 'memoryTemperatureCelsius', unit: 'celsius', unknown: [0] },
    trex_gpu_power: { kind: 'card', signal: 'powerWatts', unit: 'W', unknown: [0] },
    trex_gpu_accepted_count: { kind: 'card', signal: 'sharesAccepted', unit: 'count' },
    trex_gpu_rejected_count: { kind: 'card', signal: 'sharesRejected', unit: 'count' },
    trex_gpu_invalid_count: { kind: 'card', signal: 'sharesInvalid', unit: 'count' },
  },
  exceptions: { trex_hashrate_total: dennisstritzke },
};
