import type { Dialect } from '../../domain/dialect.ts';

/**
 * ASICs that run Braiins OS+ print for Prometheus themselves. Their hashrate is unknown: what they print is the nominal one,
 * which a machine that stands still has, too. `temperature` is not mapped because anything may be called that.
 */
export const braiinsOs: Dialect = {
  id: 'braiins_os',
  evidence: 'published',
  source: 'Braiins OS+ documentation, "Metrics and Labels"',
  scope: 'rig',
  nameLabels: [],
  series: {
    miner_metadata: { kind: 'asic-info', model: 'model' },
    miner_power: {
      kind: 'asic',
      signal: 'powerWatts',
      only: { label: 'type', value: 'wall' },
      sum: true,
      unit: 'W',
      unknown: [0],
    },
    stratum_accepted_shares_counter: { kind: 'asic', signal: 'sharesAccepted', sum: true, unit: 'count' },
    stratum_rejected_shares_counter: { kind: 'asic', signal: 'sharesRejected', sum: true, unit: 'count' },
  },
};
