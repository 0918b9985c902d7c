import type { Dialect } from '../../domain/dialect.ts';

/** Antminers of the S21 generation through their web interface; one target per machine. */
export const antminerExporter: Dialect = {
  id: 'antminer_exporter',
  evidence: 'published',
  source: 'loo-ven/antminer-exporter README.md @ 1e0e6422',
  scope: 'rig',
  nameLabels: [],
  series: {
    antminer_hashrate_5s_ghs: { kind: 'asic', signal: 'hashrate', unit: 'GH/s' },
    antminer_hashrate_30m_ghs: { kind: 'asic', signal: 'hashrate', unit: 'GH/s', fallback: true },
    antminer_power_watts: { kind: 'asic', signal: 'powerWatts', unit: 'W', unknown: [0] },
    antminer_chain_temp_chip_celsius: {
      kind: 'asic',
      signal: 'temperatureCelsius',
      unit: 'celsius',
      unknown: [0],
    },
    antminer_fan_rpm: { kind: 'asic', signal: 'fanRpm', unit: 'count', unknown: [0] },
    antminer_info: { kind: 'asic-info', model: 'miner_type' },
  },
};
