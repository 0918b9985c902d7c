import { Exposition, labels } from '../exposition.ts';
import type { RigReading } from '../reading.ts';

const windowsSeconds = [10, 60, 900] as const;
const hashesPerShare = 4e5;

/** xmrig_exporter: one figure for the whole rig; a mean is missing until its time has passed since the miner's start. */
export function renderXmrigExporter({ rig, atMs, minerStartMs, cards }: RigReading): string {
  const page = new Exposition();
  const worker = labels({ worker_id: rig.name });
  const rate = cards.reduce((sum, { hashesPerSecond }) => sum + hashesPerSecond, 0);
  const hashes = Math.floor(cards.reduce((sum, { hashesCounted }) => sum + hashesCounted, 0));
  const upSeconds = (atMs - minerStartMs) / 1000;
  for (const [place, window] of windowsSeconds.entries()) {
    if (upSeconds < window) continue;
    page.gauge(`xmrig_hashrate${place}`, 'Overall Hashrate', [[worker, Number(rate.toFixed(2))]]);
  }
  const shares = Math.floor(hashes / hashesPerShare);
  page.gauge('xmrig_diff_current', 'Current Difficulty', [[worker, hashesPerShare]]);
  page.counter('xmrig_shares_good_total', 'Good Shares', [[worker, shares - Math.floor(shares / 300)]]);
  page.counter('xmrig_shares_total', 'Total Shares', [[worker, shares]]);
  page.counter('xmrig_hashes_total', 'Total Hashes', [[worker, hashes]]);
  page.gauge('xmrig_connection_uptime', 'Connection uptime', [[worker, Math.floor(upSeconds)]]);
  page.gauge('xmrig_connection_ping', 'Connection ping', [[worker, 34]]);
  return page.text();
}
