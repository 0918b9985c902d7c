import type { Dialect } from '../../domain/dialect.ts';

/**
 * XMRig mines with the processor, with cards, or with both, and the exporter prints one figure for all: it says that the rig
 * mines and is no card's hashrate. `hashrate0`, `1` and `2` are means over 10 s, a minute and a quarter of an hour; the
 * longer ones are missing until they are known.
 */
export const xmrigExporter: Dialect = {
  id: 'xmrig_exporter',
  evidence: 'published',
  source: 'sbrudenell/xmrig_exporter xmrig_exporter/collector.py @ 472b3129',
  scope: 'rig',
  nameLabels: ['worker_id'],
  series: {
    xmrig_hashrate1: { kind: 'miner-hashrate', miner: ['worker_id', 'xmrig_target'], unit: 'H/s' },
    xmrig_hashrate0: { kind: 'miner-hashrate', miner: ['worker_id', 'xmrig_target'], unit: 'H/s', fallback: true },
  },
};
