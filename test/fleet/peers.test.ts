import { describe, expect, it } from 'vitest';
import { peersOf } from '../../src/fleet/peers.ts';
import { farmOf } from '../support/farms.ts';
import { gpuOf, miningCard, rigOf } from '../support/rigs.ts';
import { snapshotOf } from '../support/snapshots.ts';

describe('peers', () => {
  const rigs = [
    rigOf([miningCard({ hashrate: 100e6, powerWatts: 290 }), miningCard({ hashrate: 140e6, powerWatts: null })]),
    rigOf(
      [
        gpuOf({ model: 'RTX 3090', state: 'idle-listed', powerWatts: 20 }),
        gpuOf({ model: 'RTX 3090', state: 'rented', powerWatts: 310 }),
      ],
      { name: 'b1' },
    ),
    rigOf(
      [gpuOf({ model: 'RTX 3090', state: 'unknown', powerWatts: 150 }), gpuOf({ model: 'RTX 3090', state: 'down' })],
      {
        name: 'c1',
      },
    ),
  ];
  it('tell what cards of a model do, as the mean of those that do it', () => {
    const peers = peersOf(snapshotOf(rigs), farmOf());
    expect(peers.hashrate('RTX 3090', 'RVN')).toBe(120e6);
    expect(peers.miningWatts('RTX 3090', 'RVN')).toBe(290);
    expect(peers.idleWatts('RTX 3090')).toBe(20);
    expect(peers.rentalWatts('RTX 3090')).toBe(310);
  });

  it('know nothing of other models and coins', () => {
    const peers = peersOf(snapshotOf(rigs), farmOf());
    expect(peers.hashrate('RTX 3090', 'ERG')).toBeNull();
    expect(peers.miningWatts('RTX 3070', 'RVN')).toBeNull();
    expect(peers.idleWatts('RTX 3070')).toBeNull();
    expect(peers.rentalWatts('RTX 3070')).toBeNull();
  });
});
