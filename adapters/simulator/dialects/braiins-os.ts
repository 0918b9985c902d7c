import { Exposition, labels } from '../exposition.ts';
import type { RigReading } from '../reading.ts';
import { hashesPerAsicShare } from '../shares.ts';

/** Braiins OS+ of one ASIC: shares and power, but of hashrates the nominal one alone, which a machine that rests has, too. */
export function renderBraiinsOs({ cards }: RigReading): string {
  const page = new Exposition();
  const [unit] = cards;
  if (unit === undefined) return '';
  const { card, watts, hashesCounted } = unit;
  const shares = Math.floor(hashesCounted / hashesPerAsicShare);
  const rejected = Math.floor(shares / 180);
  const pool = labels({ protocol: 'V2', url: 'stratum2+tcp://pool.example.org' });
  page.gauge('miner_metadata', 'Miner metadata', [[labels({ model: card.model.name, os_version: '24.04' }), 1]]);
  page.gauge('miner_power', 'Power of the miner', [
    [labels({ type: 'chip' }), Math.round(watts * 0.93)],
    [labels({ type: 'wall' }), Math.round(watts)],
  ]);
  page.gauge('miner_nominal_hashrate_gigahashes_per_second', 'Nominal hashrate', [['', card.hashesPerSecond / 1e9]]);
  page.counter('stratum_accepted_shares_counter', 'Accepted shares', [[pool, shares - rejected]]);
  page.counter('stratum_rejected_shares_counter', 'Rejected shares', [[pool, rejected]]);
  return page.text();
}
