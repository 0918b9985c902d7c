import { Exposition, labels } from '../exposition.ts';
import type { RigReading } from '../reading.ts';
import { hashesPerAsicShare } from '../shares.ts';

/** Sensors of a machine with three chains; the fourth does not exist. */
const sensors = ['1', '2', '3', '4', '2_1', '2_2', '2_3', '2_4'] as const;

/**
 * cgminer_exporter of one ASIC: no types, and an `instance` of its own. A machine that has just stopped still has its mean
 * since the start.
 */
export function renderCgminerExporter({ rig, atMs, minerStartMs, cards }: RigReading): string {
  const page = new Exposition();
  const [unit] = cards;
  if (unit === undefined) return '';
  const tags = {
    instance: `10.0.9.${rig.index % 250}`,
    bmminer_version: '1.0.0',
    api_version: '3.1',
    type: unit.card.model.name,
    miner: '49.0.1.3',
  };
  const one = (name: string, value: number, more: Readonly<Record<string, string>> = {}) =>
    page.bare(`cgminer_${name}`, [[labels({ ...more, ...tags }), value]]);
  const elapsed = Math.floor((atMs - minerStartMs) / 1000);
  const shares = Math.floor(unit.hashesCounted / hashesPerAsicShare);
  one('pool_count', 1);
  one('pool_diff_accepted', (shares - Math.floor(shares / 240)) * 65_536, { pool: '0' });
  one('summary_rejected', Math.floor(shares / 240));
  one('summary_found_blocks', 0);
  one('summary_elapsed', elapsed);
  one('summary_hardware_errors', Math.floor(shares / 70));
  one('summary_total_mh', Math.round(unit.hashesCounted / 1e6));
  one('summary_ghs_average', elapsed === 0 ? 0 : Number((unit.hashesCounted / elapsed / 1e9).toFixed(2)));
  one('summary_ghs_5s', Number((unit.hashesPerSecond / 1e9).toFixed(2)));
  page.bare(
    'cgminer_stats_temp',
    sensors.map((temp) => [labels({ temp, ...tags }), temp.endsWith('4') ? 0 : unit.coreCelsius - temp.length + 1]),
  );
  page.bare(
    'cgminer_stats_fan',
    ['1', '2', '3', '4'].map((fan) => [labels({ fan, ...tags }), unit.loaded ? 5_760 : 2_040]),
  );
  one('stats_frequency', unit.loaded ? 525 : 0);
  return `#CGMiner metrics export\n${page.text()}`;
}
