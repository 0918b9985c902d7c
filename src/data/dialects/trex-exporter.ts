import type { Dialect } from '../../domain/dialect.ts';

/** T-Rex does not say its algorithm: the configuration's coin decides. 0 means unknown for power and temperatures. */
export const trexExporter: Dialect = {
  id: 'trex_exporter',
  evidence: 'published',
  source: 'trex_exporter README.md',
  scope: 'rig',
  card: { slot: ['device_id'], index: 'device_id', model: 'name' },
  nameLabels: ['worker'],
  series: {
    trex_gpu_hashrate: { kind: 'card', signal: 'hashrate' },
    trex_gpu_temperature: { kind: 'card', signal: 'coreTemperatureCelsius', unknown: [0] },
    trex_gpu_memory_temperature: { kind: 'card', signal: 'memoryTemperatureCelsius', unknown: [0] },
    trex_gpu_power: { kind: 'card', signal: 'powerWatts', unknown: [0] },
    trex_gpu_accepted_count: { kind: 'card', signal: 'sharesAccepted' },
    trex_gpu_rejected_count: { kind: 'card', signal: 'sharesRejected' },
    trex_gpu_invalid_count: { kind: 'card', signal: 'sharesInvalid' },
  },
};
