import type { Dialect } from '../../domain/dialect.ts';

/**
 * What a farm prints of itself, for example through the textfile collector: the one dialect that Rigshift defines.
 * `rig_revenue_usd_total` only ever grows: what was earned since it was first printed.
 */
export const rigshiftTextfile: Dialect = {
  id: 'rigshift',
  evidence: 'published',
  source: 'METRICS.md section 1',
  scope: 'farm',
  rig: ['rig'],
  card: { slot: ['gpu'], index: ['gpu'], coin: ['coin'] },
  nameLabels: ['rig'],
  series: {
    rig_hashrate: { kind: 'card', signal: 'hashrate', unit: 'H/s' },
    rig_power_watts: { kind: 'rig-power', unit: 'W', unknown: [0] },
    rig_rented_gpus: { kind: 'rig-rented', platform: 'platform', unit: 'count' },
    rig_revenue_usd_total: { kind: 'rig-revenue', platform: 'platform', unit: 'USD' },
  },
};
