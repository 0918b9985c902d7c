import type { Dialect } from '../../domain/dialect.ts';

/**
 * ASICs behind the cgminer API (cgminer, bmminer, sgminer): one target per machine. The exporter prints an `instance` of its
 * own beside the scrape's. `_rejected` counts shares of the machine; how many were accepted it says per pool, as difficulty.
 */
export const cgminerExporter: Dialect = {
  id: 'cgminer_exporter',
  evidence: 'published',
  source: 'prg3/cgminer_exporter cgminer_exporter.py @ 1710bf3c',
  scope: 'rig',
  nameLabels: [],
  series: {
    cgminer_summary_ghs_5s: { kind: 'asic', signal: 'hashrate', unit: 'GH/s' },
    // Since the miner's start: of a machine that has just stopped it still says yesterday's.
    cgminer_summary_ghs_average: { kind: 'asic', signal: 'hashrate', unit: 'GH/s', fallback: true },
    cgminer_summary_rejected: { kind: 'asic', signal: 'sharesRejected', unit: 'count' },
    cgminer_summary_hardware_errors: { kind: 'asic', signal: 'hardwareErrors', unit: 'count' },
    cgminer_summary_elapsed: { kind: 'asic', signal: 'uptimeSeconds', unit: 's' },
    // Every sensor of every chain, 0 for chains that are not there.
    cgminer_stats_temp: { kind: 'asic', signal: 'temperatureCelsius', unit: 'celsius', unknown: [0] },
    cgminer_stats_fan: { kind: 'asic', signal: 'fanRpm', unit: 'count', unknown: [0] },
    cgminer_stats_frequency: { kind: 'asic-info', model: 'type' },
  },
};
