import type { Dialect } from '../../domain/dialect.ts';

/**
 * The endpoints `/metrics` (the account's machines and payouts) and `/metrics/global` (the market). Instances are not mapped:
 * whose job runs on a machine is in the rental types of `vastai_machine_used_gpu_count`. The sample's values are invented by
 * the project, so that it counts as documentation.
 */
export const vastaiExporter: Dialect = {
  id: 'vastai_exporter',
  evidence: 'published',
  source: '500farm/prometheus-vastai README.md @ 6490c878',
  scope: 'account',
  nameLabels: [],
  // The line's speed alone is labelled `id`.
  machineLabels: ['machine_id', 'id'],
  series: {
    vastai_machine_info: { kind: 'machine-info', model: 'gpu_name', host: 'hostname' },
    vastai_machine_gpu_count: { kind: 'machine', signal: 'gpuCount', unit: 'count' },
    vastai_machine_is_listed: { kind: 'machine', signal: 'listed', unit: 'flag' },
    vastai_machine_is_online: { kind: 'machine', signal: 'online', unit: 'flag' },
    vastai_machine_is_verified: { kind: 'machine', signal: 'verified', unit: 'flag' },
    vastai_machine_is_dc: { kind: 'machine', signal: 'datacenter', unit: 'flag' },
    vastai_machine_has_static_ip: { kind: 'machine', signal: 'staticIp', unit: 'flag' },
    vastai_machine_reliability: { kind: 'machine', signal: 'reliability', unit: 'ratio' },
    vastai_machine_ondemand_price_per_gpu_dollars: {
      kind: 'machine',
      signal: 'listedUsdPerGpuHour',
      unit: 'USD/GPU-h',
    },
    vastai_machine_inet_bps: { kind: 'machine-line', direction: 'direction', unit: 'bit/s' },
    vastai_machine_used_gpu_count: { kind: 'machine-used', label: 'rental_type' },
    vastai_gpu_count: { kind: 'market-count' },
    vastai_ondemand_price_median_dollars: { kind: 'market-price', quantile: 'median' },
    vastai_ondemand_price_10th_percentile_dollars: { kind: 'market-price', quantile: 'p10' },
    vastai_ondemand_price_90th_percentile_dollars: { kind: 'market-price', quantile: 'p90' },
    vastai_paid_out_dollars: { kind: 'payout' },
    vastai_pending_payout_dollars: { kind: 'payout' },
  },
};
