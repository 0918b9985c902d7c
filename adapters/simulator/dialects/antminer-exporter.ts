import { Exposition, labels } from '../exposition.ts';
import type { RigReading } from '../reading.ts';

const chains = [0, 1, 2] as const;

/** antminer-exporter of one ASIC of the S21 generation. */
export function renderAntminerExporter({ rig, cards }: RigReading): string {
  const page = new Exposition();
  const [unit] = cards;
  if (unit === undefined) return '';
  const { card, loaded, watts, hashesPerSecond, coreCelsius } = unit;
  const gigahashes = (perSecond: number) => Number((perSecond / 1e9).toFixed(2));
  const gauge = (name: string, help: string, value: number) => page.gauge(`antminer_${name}`, help, [['', value]]);
  gauge('up', 'Whether the miner answered.', 1);
  gauge('hashrate_5s_ghs', 'Hashrate over 5 seconds.', gigahashes(hashesPerSecond));
  gauge('hashrate_30m_ghs', 'Hashrate over 30 minutes.', gigahashes(card.hashesPerSecond));
  gauge('hashrate_ideal_ghs', 'Rated hashrate.', gigahashes(card.hashesPerSecond));
  gauge('power_watts', 'Power at the wall.', Math.round(watts));
  page.gauge(
    'antminer_fan_rpm',
    'Fan speed.',
    [0, 1, 2, 3].map((fan) => [labels({ fan }), loaded ? 5_400 : 1_980]),
  );
  page.gauge(
    'antminer_chain_temp_chip_celsius',
    'Chip temperature.',
    chains.map((chain) => [labels({ chain, sensor: 0 }), coreCelsius - chain]),
  );
  page.gauge('antminer_info', 'Miner information.', [
    [labels({ firmware_type: 'Release', ipaddress: `10.0.9.${rig.index % 250}`, miner_type: card.model.name }), 1],
  ]);
  return page.text();
}
