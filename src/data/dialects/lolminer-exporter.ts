import type { Dialect } from '../../domain/dialect.ts';

/** Whatever lolMiner counts in (g/s, sol/s), the exporter calls it MH/s: that is right for algorithms that count hashes. */
export const lolminerExporter: Dialect = {
  id: 'lolminer_exporter',
  evidence: 'published',
  source: 'HON95/prometheus-lolminer-exporter examples/output.txt @ b1b44d1c',
  scope: 'rig',
  card: { slot: ['gpu_index'], index: ['gpu_index'], model: ['name'], bus: ['pcie_address'] },
  nameLabels: ['worker'],
  series: {
    lolminer_gpu_info: { kind: 'card-info' },
    lolminer_mining_info: {
      kind: 'miner-algorithm',
      label: 'algorithm',
      unknownUnit: /^(?:aion|beam|c(?:29|3\d)|cuck|cr29|equi|flux|zel)/i,
    },
    lolminer_gpu_performance_mhps: { kind: 'card', signal: 'hashrate', unit: 'MH/s' },
    lolminer_session_performance_total_mhps: { kind: 'miner-hashrate', miner: [], unit: 'MH/s' },
    lolminer_gpu_temperature_celsius: { kind: 'card', signal: 'coreTemperatureCelsius', unit: 'celsius', unknown: [0] },
    lolminer_gpu_power_watts: { kind: 'card', signal: 'powerWatts', unit: 'W', unknown: [0] },
    lolminer_gpu_session_accepted_shares_total: { kind: 'card', signal: 'sharesAccepted', unit: 'count' },
    lolminer_gpu_session_submitted_shares_total: { kind: 'card', signal: 'sharesSubmitted', unit: 'count' },
    lolminer_gpu_session_hardware_errors_total: { kind: 'card', signal: 'sharesInvalid', unit: 'count' },
  },
};
