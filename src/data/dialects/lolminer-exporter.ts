import type { Dialect } from '../../domain/dialect.ts';

export const lolminerExporter: Dialect = {
  id: 'lolminer_exporter',
  evidence: 'published',
  source: 'lolMiner exporter documentation, as METRICS.md section 1 lists it',
  scope: 'rig',
  card: { slot: ['gpu_index'], index: 'gpu_index', model: 'name', bus: 'pcie_address' },
  nameLabels: ['worker'],
  series: {
    lolminer_gpu_info: { kind: 'card-info' },
    lolminer_mining_info: { kind: 'miner-algorithm', label: 'algorithm' },
    lolminer_gpu_performance_mhps: { kind: 'card', signal: 'hashrate', factor: 1e6 },
    lolminer_gpu_temperature_celsius: { kind: 'card', signal: 'coreTemperatureCelsius', unknown: [0] },
    lolminer_gpu_power_watts: { kind: 'card', signal: 'powerWatts', unknown: [0] },
    lolminer_gpu_session_accepted_shares_total: { kind: 'card', signal: 'sharesAccepted' },
    lolminer_gpu_session_submitted_shares_total: { kind: 'card', signal: 'sharesSubmitted' },
    lolminer_gpu_session_hardware_errors_total: { kind: 'card', signal: 'sharesInvalid' },
  },
};
